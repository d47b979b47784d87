import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { z } from 'zod';
import { OperatorError, systemCode } from '../machine/operator-error';
import { readLaunchCommand } from './launch-command';

/** Whatever a chaincode of this kind needs is in its one file, so nothing is left to install. */
export const BUNDLE = 'chaincode.cjs';
const OWN_FILES = ['.npmrc', 'Dockerfile', BUNDLE, 'package.json'] as const;
/** What npm may have left in a folder that it installed. */
const NPM_FILES: ReadonlySet<string> = new Set(['node_modules', 'package-lock.json']);

const source = z.object({ name: z.string(), version: z.string(), license: z.string().optional() });

/**
 * Writes the folder that `network.sh deployCC -ccl javascript|typescript` of Fabric's test network takes: one bundled file and
 * a package.json without dependencies. The same source gives the same bytes, so every organisation computes the same package id.
 * @throws {@link OperatorError} `CHAINCODE_FOLDER` — the source is no bundled chaincode, or `out` holds something else.
 * @remarks Source: fabric core/chaincode/platforms/node (what is packed; `npm install` in the build image), dockercontroller
 * (`npm start -- --peer.address …`); fabric-samples test-network/scripts/packageCC.sh (`npm install`, `npm run build`).
 */
export function writeDeployableFolder(chaincode: string, out: string): void {
  const bundle = bundleOf(chaincode);
  const description = describe(chaincode);
  refuseForeign(out);
  mkdirSync(out, { recursive: true });
  for (const file of [...OWN_FILES, ...NPM_FILES]) rmSync(join(out, file), { recursive: true, force: true });
  copyFileSync(bundle, join(out, BUNDLE));
  writeFileSync(join(out, 'package.json'), `${JSON.stringify(description, null, 2)}\n`);
  writeFileSync(join(out, '.npmrc'), NPM_SETTINGS);
  writeFileSync(join(out, 'Dockerfile'), DOCKERFILE);
}

function describe(chaincode: string): object {
  const result = source.safeParse(JSON.parse(readFileSync(join(chaincode, 'package.json'), 'utf8')));
  if (!result.success)
    throw new OperatorError('CHAINCODE_FOLDER', {
      en: `${join(chaincode, 'package.json')} gives no name and version`,
      zh: `${join(chaincode, 'package.json')} 没有给出名称和版本`,
    });
  const { name, version, license } = result.data;
  return {
    name: name.replace(/^@([^/]+)\//, '$1-'),
    version,
    private: true,
    ...(license === undefined ? {} : { license }),
    main: BUNDLE,
    engines: { node: '>=20' },
    scripts: {
      // nothing is left to build: says at once whether this Node can read the file
      build: `node --check ${BUNDLE}`,
      start: `node ${BUNDLE}`,
      'start:server': `node ${BUNDLE} server`,
    },
  };
}

// A lock file written by the npm of one developer would change the package, and so its id, from that of another's.
const NPM_SETTINGS = 'package-lock=false\naudit=false\nfund=false\nupdate-notifier=false\n';

// deployCCAAS of the test network builds this with CC_SERVER_PORT and gives CHAINCODE_ID and CHAINCODE_SERVER_ADDRESS.
const DOCKERFILE = `FROM node:24-alpine
ARG CC_SERVER_PORT=9999
WORKDIR /usr/src/app
COPY package.json ${BUNDLE} ./
EXPOSE $CC_SERVER_PORT
USER node
CMD ["node", "${BUNDLE}", "server"]
`;

/** The file that the chaincode's own `start:server` names, if that is a bundle. */
function bundleOf(chaincode: string): string {
  const command = readLaunchCommand(chaincode);
  if (command.kind === 'script')
    throw new OperatorError('CHAINCODE_FOLDER', {
      en: `${chaincode} starts by a shell script: only a chaincode bundled into one .cjs file needs no install`,
      zh: `${chaincode} 由 shell 脚本启动：只有打包成单个 .cjs 文件的链码才无需安装`,
    });
  const { script } = command;
  if (!existsSync(script))
    throw new OperatorError('CHAINCODE_FOLDER', {
      en: `${relative('', script)} is not there; build the chaincode first`,
      zh: `${relative('', script)} 不存在；请先构建链码`,
    });
  if (!script.endsWith('.cjs')) {
    throw new OperatorError('CHAINCODE_FOLDER', {
      en: `${chaincode} starts ${basename(script)}: only a chaincode bundled into one .cjs file needs no install`,
      zh: `${chaincode} 启动的是 ${basename(script)}：只有打包成单个 .cjs 文件的链码才无需安装`,
    });
  }
  return script;
}

/** A folder is filled again only if nothing is in it but what was written here before. */
function refuseForeign(out: string): void {
  const known = new Set<string>([...OWN_FILES, ...NPM_FILES]);
  const foreign = entriesOf(out).find((name) => !known.has(name));
  if (foreign !== undefined)
    throw new OperatorError('CHAINCODE_FOLDER', {
      en: `${out} holds something else than a packaged chaincode (${foreign}); use another --out`,
      zh: `${out} 中有不属于链码包的内容（${foreign}）；请另选 --out`,
    });
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return [];
    throw new OperatorError(
      'CHAINCODE_FOLDER',
      { en: `${folder} cannot be read as a folder`, zh: `${folder} 无法作为目录读取` },
      { cause },
    );
  }
}
