import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { OperatorError, type Sentence } from '@lianyi/network-model';

const run = promisify(execFile);

/** Where Fabric's own people say how its programs are installed. */
export const FABRIC_INSTALLATION_PAGE = 'https://hyperledger-fabric.readthedocs.io/en/latest/install.html';

export const FABRIC_CA_INSTALLATION_PAGE = 'https://hyperledger-fabric-ca.readthedocs.io/en/latest/users-guide.html#install';
/** The release line of Fabric CA whose API and configuration this project knows; it serves both lines of Fabric. */
export const FABRIC_CA_LINE = '1.5';
export const FABRIC_CA_SERVER = 'fabric-ca-server';

export type FabricLine = '3.1' | '2.5';
type FabricProgram = 'peer' | 'orderer' | 'configtxgen';
export const FABRIC_PROGRAMS: readonly FabricProgram[] = ['peer', 'orderer', 'configtxgen'];

export interface FabricTool {
  readonly program: string;
  readonly path: string;
  readonly version: string;
}
export type FabricTools = Readonly<Record<FabricProgram, FabricTool>>;

/** The folders looked through, in order: those of FABRIC_BIN, then those of PATH. */
export function searchFolders(env: NodeJS.ProcessEnv): readonly string[] {
  return [env['FABRIC_BIN'], env['PATH']].flatMap((list) => (list ?? '').split(delimiter)).filter((folder) => folder !== '');
}

/** First executable file of that name; `undefined` if no folder has one. */
export function findProgram(name: string, env: NodeJS.ProcessEnv): string | undefined {
  return searchFolders(env)
    .map((folder) => join(folder, name))
    .find(isExecutableFile);
}

function isExecutableFile(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Reads the version a Fabric program prints; `undefined` if it prints none. @remarks Source: fabric cmd/common/metadata. */
export function parseVersion(output: string): string | undefined {
  return /^\s*Version:\s*v?(\d+\.\d+\.\d+\S*)/m.exec(output)?.[1];
}

/** Asks the program at `path`; `undefined` if it does not answer as a Fabric program does. */
export async function programVersion(program: string, path: string): Promise<string | undefined> {
  const argument = program === 'configtxgen' ? '--version' : 'version';
  try {
    const { stdout, stderr } = await run(path, [argument], { timeout: 10_000, env: {} });
    return parseVersion(stdout + stderr);
  } catch {
    return undefined;
  }
}

export function isOfLine(version: string, line: string): boolean {
  return version.startsWith(`${line}.`);
}

/**
 * Finds the programs a network of that line needs, all of one version.
 * @throws {@link OperatorError} `FABRIC_MISSING` — a program is not there; `FABRIC_VERSION` — it is of another line.
 */
export async function findTools(line: FabricLine, env: NodeJS.ProcessEnv = process.env): Promise<FabricTools> {
  const release = {
    product: 'Fabric',
    line,
    page: FABRIC_INSTALLATION_PAGE,
    because: { en: `the consortium's fabricLine is ${line}`, zh: `联盟的 fabricLine 为 ${line}` },
  };
  const [peer, orderer, configtxgen] = await Promise.all([
    findTool('peer', release, env),
    findTool('orderer', release, env),
    findTool('configtxgen', release, env),
  ]);
  return { peer, orderer, configtxgen };
}

/**
 * Finds the server an organisation's CA runs as.
 * @throws {@link OperatorError} `FABRIC_MISSING` — it is not there; `FABRIC_VERSION` — it is of another line.
 */
export async function findAuthorityServer(env: NodeJS.ProcessEnv = process.env): Promise<FabricTool> {
  const line = FABRIC_CA_LINE;
  return findTool(
    FABRIC_CA_SERVER,
    {
      product: 'Fabric CA',
      line,
      page: FABRIC_CA_INSTALLATION_PAGE,
      because: { en: `only Fabric CA ${line} is known here`, zh: `此处只支持 Fabric CA ${line}` },
    },
    env,
  );
}

interface Release {
  readonly product: string;
  readonly line: string;
  /** Where its own people say how it is installed. */
  readonly page: string;
  readonly because: Sentence;
}

async function findTool(program: string, { product, line, page, because }: Release, env: NodeJS.ProcessEnv): Promise<FabricTool> {
  const path = findProgram(program, env);
  if (path === undefined) {
    const where =
      env['FABRIC_BIN'] === undefined
        ? { en: 'on PATH (and FABRIC_BIN is not set)', zh: 'PATH 上（且未设置 FABRIC_BIN）' }
        : { en: `in FABRIC_BIN (${env['FABRIC_BIN']}) or on PATH`, zh: `FABRIC_BIN（${env['FABRIC_BIN']}）中或 PATH 上` };
    throw new OperatorError('FABRIC_MISSING', {
      en: `Fabric's program '${program}' is not ${where.en}; install ${product} ${line}: ${page}`,
      zh: `Fabric 的程序 “${program}” 不在 ${where.zh}；请安装 ${product} ${line}：${page}`,
    });
  }
  const version = await programVersion(program, path);
  if (version === undefined) {
    throw new OperatorError('FABRIC_VERSION', {
      en: `${path} does not answer like Fabric's '${program}'; install ${product} ${line}: ${page}`,
      zh: `${path} 的应答不像 Fabric 的 “${program}”；请安装 ${product} ${line}：${page}`,
    });
  }
  if (!isOfLine(version, line)) {
    throw new OperatorError('FABRIC_VERSION', {
      en: `${path} is ${product} ${version}, but ${because.en}; set FABRIC_BIN to the folder of a ${line} release`,
      zh: `${path} 是 ${product} ${version}，但 ${because.zh}；请让 FABRIC_BIN 指向 ${line} 版本的目录`,
    });
  }
  return { program, path, version };
}
