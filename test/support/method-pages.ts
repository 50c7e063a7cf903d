/** The pages of the methods as docs/methods.md has them: `node test/support/method-pages.ts` writes them there anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installation } from '#main/installation.ts';
import { type Method, methodNames, methods, parametersOf } from '#shared/methods/index.ts';
import { methodPage } from '#shared/methods/page.ts';
import { type BoundParameter, valueText } from '#shared/methods/parameter.ts';

const file = join(installation, 'docs', 'methods.md');
const [begin, end] = ['<!-- pages of the methods: from their definitions -->', '<!-- end of the pages -->'];

function rangeText(parameter: BoundParameter<unknown>): string {
  switch (parameter.kind) {
    case 'number':
      return `${parameter.min} to ${parameter.max}${parameter.absent ? `, or ${parameter.absent}` : ''}`;
    case 'choice':
      return parameter.options.length > 8
        ? `${parameter.options.length} choices`
        : parameter.options.map(({ value }) => `\`${value}\``).join(', ');
    case 'toggle':
      return 'yes or no';
  }
}

function pageText(method: Method): string {
  const page = methodPage(method);
  const bound = new Map(parametersOf(methods[method].defaults).map((one) => [one.label, one]));
  const lists = page.sections.flatMap(({ heading, items }) => [
    '',
    `**${heading}**`,
    '',
    ...items.map((item) => `- ${item}`),
  ]);
  const parameters = page.parameters.map(({ label, help }) => {
    const parameter = bound.get(label);
    const facts = parameter
      ? ` (\`--${parameter.name}\`: ${rangeText(parameter)}; ${valueText(parameter)})`
      : '';
    return `- _${label}_${facts}: ${help}`;
  });
  return [
    `### ${page.title}`,
    '',
    page.summary,
    ...lists,
    ...(parameters.length === 0
      ? []
      : ['', '**Parameters** (option: range; what it is by default)', '', ...parameters]),
    '',
    `Source: ${page.source}.`,
  ].join('\n');
}

/** What docs/methods.md has between the marks, and what belongs there. */
export function methodPages(): { readonly present: string; readonly wanted: string } {
  const text = readFileSync(file, 'utf8');
  const present = text.slice(text.indexOf(begin) + begin.length, text.indexOf(end));
  return { present, wanted: `\n\n${methodNames.map(pageText).join('\n\n')}\n\n` };
}

if (import.meta.main) {
  const { present, wanted } = methodPages();
  writeFileSync(file, readFileSync(file, 'utf8').replace(`${begin}${present}${end}`, begin + wanted + end));
}
