/** True positives filled, false positives hatched, false negatives dotted. */
import { comparisonColours } from '../scene.ts';
import type { Comparison } from '../scene.ts';
import { frameGlsl, frameUniforms, maskGlsl, scoreGlsl, scoreUniforms, withinGlsl } from './glsl.ts';
import { bindTexture, drawPane, setColour, useFrame, useScores, useWithin } from './layer.ts';
import type { Drawing } from './layer.ts';
import { createPrograms } from './program.ts';

type Switch = 'PATCHES' | 'WITHIN' | 'CONTOUR';

const fragment = `${frameGlsl}${scoreGlsl}${maskGlsl}${withinGlsl}
uniform vec3 uTruePositive, uFalsePositive, uFalseNegative, uContourColour;

vec4 over(vec3 colour, float alpha) {
  return vec4(colour * alpha, alpha);
}
void main() {
  vec2 p = imagePoint();
  if (!inImage(p)) discard;
  if (CONTOUR) {
    if (onContour(p, score(p)) && within(p)) {
      outColour = vec4(uContourColour, 1.0);
      return;
    }
  }
  vec2 centre = floor(p) + 0.5;
  bool found = score(centre) >= uThreshold && within(centre), true_ = masked(centre);
  if (!found && !true_) discard;
  /* The pattern is fixed to the image, so that it does not shimmer while panning. */
  vec2 css = p * uScale / uRatio;
  float stripe = abs(fract((css.x + css.y) / 9.0) - 0.5) * 9.0 / 1.4142;
  float dot = length(fract(css / 6.0) * 6.0 - 3.0);
  if (found && true_) {
    outColour = over(uTruePositive, 0.65);
  } else if (found) {
    float line = clamp((1.2 - stripe) * uRatio + 0.5, 0.0, 1.0);
    outColour = over(uFalsePositive, mix(0.3, 1.0, line));
  } else {
    float disc = clamp((1.5 - dot) * uRatio + 0.5, 0.0, 1.0);
    outColour = mix(vec4(0.0, 0.0, 0.0, 0.5), vec4(uFalseNegative, 1.0), disc);
  }
}`;

export function createComparisonLayer(gl: WebGL2RenderingContext) {
  const colours = ['uTruePositive', 'uFalsePositive', 'uFalseNegative', 'uContourColour'] as const;
  const uniforms = [...frameUniforms, ...scoreUniforms, 'uMask', 'uWithin', ...colours] as const;
  const programs = createPrograms<(typeof uniforms)[number], Switch>(gl, fragment, uniforms);
  return (drawing: Drawing, comparison: Comparison): void => {
    const program = programs({
      PATCHES: comparison.sampling === 'patches',
      WITHIN: comparison.within !== undefined,
      CONTOUR: comparison.contour !== undefined,
    });
    useFrame(drawing, program);
    useScores(drawing, program, comparison, comparison.threshold);
    bindTexture(gl, 1, drawing.textures.mask(comparison.mask), program.at.uMask);
    useWithin(drawing, program, comparison.within);
    setColour(gl, program.at.uTruePositive, comparisonColours.truePositive);
    setColour(gl, program.at.uFalsePositive, comparisonColours.falsePositive);
    setColour(gl, program.at.uFalseNegative, comparisonColours.falseNegative);
    setColour(gl, program.at.uContourColour, comparison.contour ?? '#000000');
    drawPane(gl);
  };
}
