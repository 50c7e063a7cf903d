/**
 * Fragment shaders that run over the whole pane, compiled for what a layer shows at the time.
 *
 * Software rendering runs both sides of a branch, for every pixel, and jumps only out of loops. So what a layer does
 * not show is left out of its program (switches), and costly parts of few pixels stand in a loop of no or some rounds.
 */

/** One triangle that covers the pane; its corners come from the vertex number, so there is nothing to bind. */
const wholePane = `#version 300 es
void main() {
  vec2 corner = vec2((gl_VertexID << 1) & 2, gl_VertexID & 2);
  gl_Position = vec4(corner * 2.0 - 1.0, 0.0, 1.0);
}`;

export interface Program<Name extends string> {
  readonly handle: WebGLProgram;
  readonly at: Readonly<Record<Name, WebGLUniformLocation | null>>;
}

/** Constants of a program: `true` and `false` in the shader's text, so that the compiler drops what is off. */
export type Switches<Switch extends string> = Readonly<Record<Switch, boolean>>;

/**
 * Programs of one fragment shader, compiled when they are first asked for. The text begins after the version; the
 * switches are `const bool` in it. Throws with the compiler's log when it does not compile.
 */
export function createPrograms<Name extends string, Switch extends string = never>(
  gl: WebGL2RenderingContext,
  fragment: string,
  uniforms: readonly Name[],
): (switches: Switches<Switch>) => Program<Name> {
  const compiled = new Map<string, Program<Name>>();
  return (switches) => {
    const constants = Object.entries(switches).map(([name, on]) => `const bool ${name} = ${String(on)};\n`);
    const head = constants.join('');
    const known = compiled.get(head);
    if (known) return known;
    const program = createProgram(gl, `#version 300 es\n${head}${fragment}`, uniforms);
    compiled.set(head, program);
    return program;
  };
}

function createProgram<Name extends string>(
  gl: WebGL2RenderingContext,
  fragment: string,
  uniforms: readonly Name[],
): Program<Name> {
  const handle = gl.createProgram();
  const stages = [compile(gl, gl.VERTEX_SHADER, wholePane), compile(gl, gl.FRAGMENT_SHADER, fragment)];
  for (const stage of stages) gl.attachShader(handle, stage);
  gl.linkProgram(handle);
  // A context that is lost meanwhile compiles nothing, and everything is built again when it returns.
  if (!gl.getProgramParameter(handle, gl.LINK_STATUS) && !gl.isContextLost()) {
    const logs = stages.map((stage) => gl.getShaderInfoLog(stage));
    throw new Error(
      `The viewer's shader does not compile: ${[...logs, gl.getProgramInfoLog(handle)].join('\n')}`,
    );
  }
  for (const stage of stages) gl.deleteShader(stage);
  const at = Object.fromEntries(uniforms.map((name) => [name, gl.getUniformLocation(handle, name)]));
  return { handle, at: at as Record<Name, WebGLUniformLocation | null> };
}

function compile(gl: WebGL2RenderingContext, kind: GLenum, source: string): WebGLShader {
  const shader = gl.createShader(kind);
  if (shader === null) throw new Error('The graphics driver has no room for another shader.');
  gl.shaderSource(shader, source);
  gl.compileShader(shader);
  return shader;
}
