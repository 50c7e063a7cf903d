/** The two plain pages of the browser host. They carry no style, so they stand under the same policy as the rest. */

const page = (title: string, body: string, head = '') =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>${head}</head><body>${body}</body></html>`;

const html = (status: number, text: string) =>
  new Response(text, {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
  });

export function lockedPage(): Response {
  return html(
    401,
    page(
      'Nidus is locked',
      '<h1>Nidus is locked</h1>' +
        '<p>Open the address that Nidus printed in the terminal where it was started. It looks like ' +
        '<code>http://127.0.0.1:4517/?token=...</code></p>' +
        '<p>Each address opens one browser, once. Press Enter in that terminal to get another.</p>',
    ),
  );
}

/**
 * Sends the browser to the front page by itself. A redirect would do, were it not that a browser which came from another
 * site (a link in a web terminal) leaves SameSite=Strict cookies out of the whole chain of redirects.
 */
export function forwardingPage(): Response {
  return html(
    200,
    page('Nidus', '<p><a href="/">Open Nidus</a></p>', '<meta http-equiv="refresh" content="0;url=/">'),
  );
}
