import { xmlText } from './xml-text';

/** Attributes of an element of SVG; numbers to a tenth of a pixel. */
type Attributes = Readonly<Record<string, string | number>>;

export function element(name: string, attributes: Attributes, content = ''): string {
  const said = Object.entries(attributes).map(([key, value]) => ` ${key}="${typeof value === 'number' ? tenth(value) : xmlText(value)}"`);
  return content === '' ? `<${name}${said.join('')}/>` : `<${name}${said.join('')}>${content}</${name}>`;
}

/** A line of text at a place. */
export function svgText(x: number, y: number, said: string, more: Attributes = {}): string {
  return element('text', { x, y, ...more }, xmlText(said));
}

/** What is told where the pointer rests, and read to who does not see it. */
export function titled(content: string, title: string): string {
  return element('g', {}, `${element('title', {}, xmlText(title))}${content}`);
}

/** As much of a text as fits; a Chinese character is as wide as two Latin ones. @param most - in Latin characters */
export function clipped(said: string, most: number): string {
  let wide = 0;
  let kept = '';
  for (const character of said) {
    wide += /[\u1100-\u11ff\u2e80-\uffdc]|[\u{20000}-\u{3ffff}]/u.test(character) ? 2 : 1;
    if (wide > most - 1) return `${kept}…`;
    kept += character;
  }
  return kept;
}

function tenth(value: number): string {
  return String(Math.round(value * 10) / 10);
}
