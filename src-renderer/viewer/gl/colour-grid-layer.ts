/** A colour for every patch, over the image: clusters, and features as colours. */
import type { ColourGridLayer } from '../scene.ts';
import { frameGlsl, frameUniforms } from './glsl.ts';
import { bindTexture, drawPane, useFrame } from './layer.ts';
import type { Drawing } from './layer.ts';
import { createPrograms } from './program.ts';

const fragment = `${frameGlsl}
uniform sampler2D uColours;
uniform float uOpacity;

void main() {
  vec2 p = imagePoint();
  if (!inImage(p)) discard;
  vec2 grid = p / uImageSize * vec2(textureSize(uColours, 0));
  vec4 colour;
  if (SMOOTH) colour = bilinear(uColours, grid);
  else colour = nearest(uColours, grid);
  float alpha = colour.a * uOpacity;
  outColour = vec4(colour.rgb * alpha, alpha);
}`;

export function createColourGridLayer(gl: WebGL2RenderingContext) {
  const uniforms = [...frameUniforms, 'uColours', 'uOpacity'] as const;
  const programs = createPrograms<(typeof uniforms)[number], 'SMOOTH'>(gl, fragment, uniforms);
  return (drawing: Drawing, layer: ColourGridLayer): void => {
    const program = programs({ SMOOTH: layer.sampling === 'smooth' });
    useFrame(drawing, program);
    bindTexture(gl, 0, drawing.textures.colours(layer.grid), program.at.uColours);
    gl.uniform1f(program.at.uOpacity, layer.opacity);
    drawPane(gl);
  };
}
