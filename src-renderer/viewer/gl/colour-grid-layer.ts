/** A colour for every patch, over the image: clusters, and features as colours. */
import type { ColourGridLayer } from '../scene.ts';
import { frameGlsl, frameUniforms } from './glsl.ts';
import { bindTexture, drawPane, useFrame } from './layer.ts';
import type { Drawing } from './layer.ts';
import { createProgram } from './program.ts';

const fragment = `${frameGlsl}
uniform sampler2D uColours;
uniform float uOpacity;
uniform bool uSmooth;

void main() {
  vec2 p = imagePoint();
  if (!inImage(p)) discard;
  vec2 grid = p / uImageSize * vec2(textureSize(uColours, 0));
  vec4 colour = uSmooth ? bilinear(uColours, grid) : nearest(uColours, grid);
  float alpha = colour.a * uOpacity;
  outColour = vec4(colour.rgb * alpha, alpha);
}`;

export function createColourGridLayer(gl: WebGL2RenderingContext) {
  const program = createProgram(gl, fragment, [...frameUniforms, 'uColours', 'uOpacity', 'uSmooth'] as const);
  return (drawing: Drawing, layer: ColourGridLayer): void => {
    useFrame(drawing, program);
    bindTexture(gl, 0, drawing.textures.colours(layer.grid), program.at.uColours);
    gl.uniform1f(program.at.uOpacity, layer.opacity);
    gl.uniform1i(program.at.uSmooth, layer.sampling === 'smooth' ? 1 : 0);
    drawPane(gl);
  };
}
