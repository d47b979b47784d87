import { join } from 'node:path';
import { type Arrow, arrowsBetweenFolders, arrowsBetweenPackages, reduced } from './import-graph';

/** The arrows as a mermaid graph, one line an arrow. */
function mermaid(arrows: readonly Arrow[]): string {
  const lines = arrows.map(({ from, to }) => `  ${from} --> ${to}`);
  return ['```mermaid', 'graph LR', ...lines, '```'].join('\n');
}

const picture = /<!-- picture: (\S+) -->\n(?:[\s\S]*?\n)??<!-- \/picture -->/g;

/** Redraws every `<!-- picture: PACKAGE -->` block of a page; `packages` names the arrows between packages. */
export function redrawPictures(page: string, root: string, packages: readonly string[]): string {
  return page.replace(picture, (_block, name: string) => {
    const arrows = name === 'packages' ? arrowsBetweenPackages(root, packages) : arrowsBetweenFolders(join(root, name, 'src'), name);
    return `<!-- picture: ${name} -->\n${mermaid(reduced(arrows))}\n<!-- /picture -->`;
  });
}
