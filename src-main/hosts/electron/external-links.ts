/** Sites a link may open in the system's browser: where models, papers and this project live. */
const allowedHosts = new Set(['arxiv.org', 'github.com', 'huggingface.co', 'ai.meta.com', 'doi.org']);

/** The address to open, spelled by the URL parser, or null when it is not on the list. Only https, no credentials, no port. */
export function externalAddress(link: string): string | null {
  const url = URL.parse(link);
  if (url === null || url.protocol !== 'https:') return null;
  if (url.username !== '' || url.password !== '' || !allowedHosts.has(url.host)) return null;
  return url.href;
}
