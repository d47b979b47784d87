import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import ts from 'typescript';
import { type AttackOutcome } from './attack';

/**
 * Attacks that are played by a package's own fixtures, such as the little consortium that the chaincode is tested with. Those are in no build:
 * they are bundled with the sources they are about, of which the undefended build has edited some.
 */
const entries = {
  chaincode: 'chaincode/src/every-transaction/attacks.fixture.ts',
  gateway: 'application/ledger-client/src/gateway/attacks.fixture.ts',
} as const;
type Stage = keyof typeof entries;

type Edit = (text: string, path: string) => string;
const decorators = {
  module: ts.ModuleKind.CommonJS,
  target: ts.ScriptTarget.ES2022,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
};

/** Every source of the checkout, edited; of the contracts, TypeScript emits the metadata that their decorators read. */
const sources = (root: string, edit: Edit): Plugin => ({
  name: 'sources',
  setup(builder) {
    builder.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      if (!path.startsWith(root) || path.includes('/node_modules/')) return undefined;
      const text = edit(readFileSync(path, 'utf8'), path);
      if (!path.includes('/chaincode/src/contracts/')) return { contents: text, loader: 'ts' };
      return { contents: ts.transpileModule(text, { compilerOptions: decorators, fileName: path }).outputText, loader: 'js' };
    });
  },
});

const bundleOf = (base: string, stage: string): string => join(base, 'test/dist/attack/plays', `${stage}.cjs`);

/**
 * Bundles what is played.
 * @param root - of the checkout, whose sources are taken
 * @param base - of the build that it is for
 */
export async function bundlePlays(root: string, base: string, edit: Edit = (text) => text): Promise<void> {
  await Promise.all(
    Object.entries(entries).map(([stage, entry]) =>
      build({
        ...{ entryPoints: [join(root, entry)], outfile: bundleOf(base, stage), plugins: [sources(root, edit)] },
        ...{
          bundle: true,
          external: ['pkcs11js'],
          platform: 'node',
          format: 'cjs',
          target: 'node20',
          conditions: ['lianyi-source'],
          logLevel: 'error',
        },
      }),
    ),
  );
}

/** Plays one of them in this process. @throws when there is none of that name */
export async function play(stage: Stage, name: string): Promise<AttackOutcome> {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- it was bundled after this file was built
  const played = require(bundleOf(join(__dirname, '..', '..', '..'), stage)) as Readonly<Record<string, () => Promise<AttackOutcome>>>; // each entry exports such functions only
  const chosen = played[name];
  if (chosen === undefined) throw new Error(`nothing called ${name} is played on ${stage}`);
  return chosen();
}
