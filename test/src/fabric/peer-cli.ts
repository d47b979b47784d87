import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { packArchive } from '@lianyi/network-model';

/** One of Fabric's own programs, in FABRIC_BIN or on PATH; `undefined` where it is not. */
export function fabricProgram(name: string): string | undefined {
  const folders = [process.env['FABRIC_BIN'], process.env['PATH']].flatMap((list) => (list ?? '').split(delimiter));
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

/** `describe` where the program is; else the suite is skipped and the reason printed. */
export function describeWith(program: string, title: string, suite: (path: string) => void): void {
  const path = fabricProgram(program);
  if (path === undefined) process.stderr.write(`skipped: ${title}: Fabric's ${program} not found in FABRIC_BIN or on PATH\n`);
  const register = path === undefined ? describe.skip : describe;
  register(title, () => {
    suite(path ?? '');
  });
}

/** Where an organisation's peer and orderer listen. */
export interface OrganizationAddresses {
  readonly mspId: string;
  readonly domain: string;
  readonly peer: string;
  readonly orderer: string;
}

export interface CliResult {
  readonly status: number | null;
  /** What it printed, standard error last, without its log. */
  readonly text: string;
}

/** Runs a program to its end while this process, which may be the network, goes on. */
export async function runProgram(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd: string,
): Promise<CliResult> {
  const child = spawn(program, [...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 });
  const texts = { stdout: '', stderr: '' };
  child.stdout.on('data', (text: Buffer) => (texts.stdout += text.toString()));
  child.stderr.on('data', (text: Buffer) => (texts.stderr += text.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => {
      resolve({ status, text: `${texts.stdout}${texts.stderr}`.trim() });
    });
  });
}

/** Fabric's own `peer` as an administrator or user of one organisation runs it, by the organisation tree alone. */
export class PeerCli {
  /** @param folder holds the core.yaml it makes, and is its working directory. */
  constructor(
    private readonly program: string,
    private readonly networkDir: string,
    private readonly folder: string,
    private readonly organization: OrganizationAddresses,
    private readonly user = 'Admin',
  ) {
    mkdirSync(folder, { recursive: true });
    const crypto = 'peer:\n  BCCSP:\n    Default: SW\n    SW: { Hash: SHA2, Security: 256 }\n';
    writeFileSync(join(folder, 'core.yaml'), crypto);
  }

  as(user: string): PeerCli {
    return new PeerCli(this.program, this.networkDir, this.folder, this.organization, user);
  }

  /** Options that say where to send transactions. */
  get ordering(): readonly string[] {
    return ['-o', this.organization.orderer, '--tls', '--cafile', this.#tlsRoot];
  }

  /** Options that name this organisation's peer as an endorser. */
  get endorser(): readonly string[] {
    return ['--peerAddresses', this.organization.peer, '--tlsRootCertFiles', this.#tlsRoot];
  }

  async run(...args: readonly string[]): Promise<CliResult> {
    const { mspId, domain, peer } = this.organization;
    const env = {
      PATH: process.env['PATH'] ?? '',
      FABRIC_CFG_PATH: this.folder,
      FABRIC_LOGGING_SPEC: 'FATAL',
      CORE_PEER_LOCALMSPID: mspId,
      CORE_PEER_ADDRESS: peer,
      CORE_PEER_TLS_ENABLED: 'true',
      CORE_PEER_TLS_ROOTCERT_FILE: this.#tlsRoot,
      CORE_PEER_MSPCONFIGPATH: join(this.#root, 'users', `${this.user}@${domain}`, 'msp'),
    };
    return runProgram(this.program, args, env, this.folder);
  }

  /** The same; fails unless the program succeeds. */
  async must(...args: readonly string[]): Promise<string> {
    const { status, text } = await this.run(...args);
    if (status !== 0) throw new Error(`peer ${args.join(' ')} ended with ${String(status)}: ${text}`);
    return text;
  }

  get #root(): string {
    return join(this.networkDir, 'organizations', 'peerOrganizations', this.organization.domain);
  }

  get #tlsRoot(): string {
    const { domain } = this.organization;
    return join(this.#root, 'tlsca', `tlsca.${domain}-cert.pem`);
  }
}

/** A package of Fabric's own kind `ccaas` for a service at an address without TLS. */
export function servicePackage(label: string, address: string): Buffer {
  const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
  const code = packArchive([{ name: 'connection.json', content: json({ address, dial_timeout: '10s', tls_required: false }) }]);
  return packArchive([
    { name: 'metadata.json', content: json({ path: '', type: 'ccaas', label }) },
    { name: 'code.tar.gz', content: code },
  ]);
}
