/**
 * Colour maps as tables of 256 colours. Pure.
 *
 * Each is a broken line through few anchors, within 2 of 255 of matplotlib's table. `jet` is there because
 * papers print their maps in it; the others grow evenly in luminance and survive colour blindness and grey print.
 */

export const colourMapNames = ['inferno', 'magma', 'viridis', 'cividis', 'grey', 'jet'] as const;
export type ColourMapName = (typeof colourMapNames)[number];

export const colourMapLabels: Readonly<Record<ColourMapName, string>> = {
  inferno: 'inferno',
  magma: 'magma',
  viridis: 'viridis',
  cividis: 'cividis',
  grey: 'grey',
  jet: 'jet (paper look)',
};

/** Entry number : colour, from 0 to 255. */
const anchors: Readonly<Record<ColourMapName, string>> = {
  inferno:
    '0:000003 10:040316 32:200c4a 47:3b0964 67:5b116e 98:8d2369 130:be3852 161:e55b30 191:f98c09 202:fba007 ' +
    '214:fbb71c 231:f5d948 244:f1f079 255:fcfea4',
  magma:
    '0:000003 5:01010b 28:170f3c 48:350f6a 62:4d117a 90:792281 126:b3357a 155:e04b66 176:f56a5b 195:fc8e63 ' +
    '221:febe83 255:fbfcbf',
  viridis:
    '0:440154 19:481c6e 47:423e85 89:2e6b8e 136:1e988a 155:23a982 173:39b976 198:6bcd59 235:cae01e 245:e4e318 ' +
    '255:fde724',
  cividis:
    '0:00224d 17:002e6b 23:003170 26:0b3370 35:1f3a6e 62:414d6b 141:888578 190:b9ab6d 226:e0cb55 253:fde534 ' +
    '255:fde737',
  grey: '0:000000 255:ffffff',
  jet:
    '0:00007f 28:0000fe 32:0000ff 86:00d8ff 89:00e4f7 96:15ffe1 162:eaff0c 165:f4f802 168:feed00 227:fe1200 ' +
    '232:e80000 255:7f0000',
};

/** 256 x 3 bytes, RGB. */
export function colourTable(name: ColourMapName): Uint8Array {
  const points = anchors[name].split(' ').map((anchor) => {
    const [position, colour] = anchor.split(':') as [string, string];
    return {
      position: Number(position),
      channels: [0, 2, 4].map((at) => parseInt(colour.slice(at, at + 2), 16)),
    };
  });
  const table = new Uint8Array(256 * 3);
  for (let entry = 0, segment = 0; entry < 256; entry++) {
    if (entry > points[segment + 1]!.position) segment++;
    const from = points[segment]!;
    const to = points[segment + 1]!;
    const part = (entry - from.position) / (to.position - from.position);
    for (let channel = 0; channel < 3; channel++) {
      const start = from.channels[channel]!;
      table[entry * 3 + channel] = Math.round(start + (to.channels[channel]! - start) * part);
    }
  }
  return table;
}

/** A CSS gradient of the colour map for colour bars, low to high in the given direction. */
export function cssGradient(name: ColourMapName, direction: 'to right' | 'to top'): string {
  const table = colourTable(name);
  const stops = anchors[name].split(' ').map((anchor) => {
    const entry = Number.parseInt(anchor, 10);
    return `rgb(${table.subarray(entry * 3, entry * 3 + 3).join(' ')}) ${((entry / 255) * 100).toFixed(2)}%`;
  });
  return `linear-gradient(${direction}, ${stops.join(', ')})`;
}
