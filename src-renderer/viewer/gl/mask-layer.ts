/** A mask as an outline just inside its border, or as a fill. */
import type { MaskLayer } from '../scene.ts';
import { frameGlsl, frameUniforms, maskGlsl } from './glsl.ts';
import { bindTexture, drawPane, setColour, useFrame } from './layer.ts';
import type { Drawing } from './layer.ts';
import { createProgram } from './program.ts';

const defaultFillOpacity = 0.4;

const fragment = `${frameGlsl}${maskGlsl}
uniform vec3 uColour;
uniform float uOpacity;
uniform bool uOutline;

/* A region smaller than a screen pixel must not vanish when the image is small: any sample counts. */
bool covered(vec2 p) {
  int count = samplesAcross();
  for (int y = 0; y < count; y++) for (int x = 0; x < count; x++)
    if (masked(p + sampleOffset(x, y, count))) return true;
  return false;
}
bool onOutline(vec2 p) {
  for (int i = 0; i < 8; i++) if (!covered(p + lineStep(i))) return true;
  return false;
}
void main() {
  vec2 p = imagePoint();
  if (!covered(p) || uOutline && !onOutline(p)) discard;
  float alpha = uOutline ? 1.0 : uOpacity;
  outColour = vec4(uColour * alpha, alpha);
}`;

export function createMaskLayer(gl: WebGL2RenderingContext) {
  const program = createProgram(gl, fragment, [
    ...frameUniforms,
    'uMask',
    'uColour',
    'uOpacity',
    'uOutline',
  ] as const);
  return (drawing: Drawing, layer: MaskLayer): void => {
    useFrame(drawing, program);
    bindTexture(gl, 0, drawing.textures.mask(layer.mask), program.at.uMask);
    setColour(gl, program.at.uColour, layer.colour);
    gl.uniform1f(program.at.uOpacity, layer.opacity ?? defaultFillOpacity);
    gl.uniform1i(program.at.uOutline, layer.style === 'outline' ? 1 : 0);
    drawPane(gl);
  };
}
