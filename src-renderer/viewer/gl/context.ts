/** The one WebGL2 context that draws all panes, so the browser's limit on live contexts is never near. */

/** This machine cannot draw: the message says so in a sentence for the reader. */
export class ViewerUnavailable extends Error {
  constructor() {
    super(
      'Images cannot be shown because this computer offers no WebGL2: update its graphics driver, ' +
        'or start Nidus with --enable-unsafe-swiftshader to draw without a graphics card.',
    );
    this.name = 'ViewerUnavailable';
  }
}

export interface Context {
  readonly canvas: OffscreenCanvas;
  readonly gl: WebGL2RenderingContext;
}

/** Throws {@link ViewerUnavailable} where there is no WebGL2. */
export function createContext(): Context {
  const canvas = new OffscreenCanvas(1, 1);
  const gl = canvas.getContext('webgl2', { antialias: false, alpha: false, depth: false });
  if (gl === null) throw new ViewerUnavailable();
  return { canvas, gl };
}
