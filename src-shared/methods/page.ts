/** The page of a method: what it computes, what it assumes, when it fails, what its parameters do. */
import { type Method, definitionOf, methods } from './index.ts';

interface MethodPage {
  readonly title: string;
  /** A sentence. */
  readonly summary: string;
  readonly sections: readonly { readonly heading: string; readonly items: readonly string[] }[];
  readonly parameters: readonly { readonly label: string; readonly help: string }[];
  readonly source: string;
}

export function methodPage(method: Method): MethodPage {
  const { defaults } = methods[method];
  const { title, summary, steps, assumes, fails, parameters, source, imageScore } = definitionOf(defaults);
  const sentence = `${summary[0]!.toUpperCase()}${summary.slice(1)}.`;
  return {
    title,
    summary: sentence,
    sections: [
      { heading: 'What it computes', items: [...steps, `Image score by default: ${imageScore(defaults)}.`] },
      { heading: 'What it assumes', items: assumes },
      { heading: 'When it fails', items: fails },
    ],
    parameters: parameters.map(({ label, help }) => ({ label, help })),
    source,
  };
}
