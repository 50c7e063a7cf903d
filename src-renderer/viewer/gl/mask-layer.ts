/** A mask as an outline just inside its border, or as a fill. */
import type { MaskLayer } from '../scene.ts';
import { frameGlsl, frameUniforms, maskGlsl } from './glsl.ts';
import { bindTexture, drawPane, setColour, useFrame } from './layer.ts';
import type { Drawing } from './layer.ts';
import { createPrograms } from './program.ts';

const defaultFillOpacity = 0.4;

const fragment = `${frameGlsl}${maskGlsl}
uniform vec3 uColour;
uniform float uOpacity;

/* A region smaller than a screen pixel must not vanish when the image is small: any sample counts. */
bool covered(vec2 p) {
  int count = samplesAcross();
  for (int y = 0; y < count; y++) for (int x = 0; x < count; x++)
    if (masked(p + sampleOffset(x, y, count))) return true;
  return false;
}
bool onOutline(vec2 p, bool inside) {
  int count = inside ? 8 : 0;
  for (int i = 0; i < count; i++) if (!covered(p + lineStep(i))) return true;
  return false;
}
void main() {
  vec2 p = imagePoint();
  bool inside = covered(p);
  if (OUTLINE) inside = onOutline(p, inside);
  if (!inside) discard;
  float alpha = OUTLINE ? 1.0 : uOpacity;
  outColour = vec4(uColour * alpha, alpha);
}`;

export function createMaskLayer(gl: WebGL2RenderingContext) {
  const uniforms = [...frameUniforms, 'uMask', 'uColour', 'uOpacity'] as const;
  const programs = createPrograms<(typeof uniforms)[number], 'OUTLINE'>(gl, fragment, uniforms);
  return (drawing: Drawing, layer: MaskLayer): void => {
    const program = programs({ OUTLINE: layer.style === 'outline' });
    useFrame(drawing, program);
    bindTexture(gl, 0, drawing.textures.mask(layer.mask), program.at.uMask);
    setColour(gl, program.at.uColour, layer.colour);
    gl.uniform1f(program.at.uOpacity, layer.opacity ?? defaultFillOpacity);
    drawPane(gl);
  };
}
