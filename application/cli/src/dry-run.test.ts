import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { commandAreas } from './areas';
import { type CommandSpec } from './command-spec';
import { type Hospital, openHospital, passphrase } from './hospital.fixture';
import { run, type Run } from './terminal.fixture';

/** What `--dry-run` promises, held against every command by its own example: nothing is sent, and nothing written. */

let hospital: Hospital;
let given: string;
beforeAll(async () => {
  hospital = await openHospital(scratchDirectory());
  given = join(hospital.dataDir, 'given.json');
  writeFileSync(given, '{}');
});
afterAll(() => hospital.close());
beforeEach(() => {
  hospital.carried.length = 0;
});

const wordsOf = (area: string, { name }: CommandSpec): string => (name === '' ? area : `${area} ${name}`);

/** The example by somebody who is here, with a file that is there in place of each that is read. */
function exampleOf({ example }: CommandSpec): string[] {
  const words = example.split(' ').filter((word) => word !== '');
  return words.map((word, at) => {
    if (words[at - 1] === '--as') return word === 'patient' ? word : 'clinician';
    return words[at - 1] !== '--out' && /^[\w-]+\.(?:txt|json|pem)$/.test(word) ? given : word;
  });
}

const dry = (area: string, spec: CommandSpec): Promise<Run> =>
  run([...wordsOf(area, spec).split(' '), ...exampleOf(spec), '--dry-run', '--data-dir', hospital.dataDir], {
    env: { LIANYI_WALLET_PASSPHRASE: passphrase },
  });

/** Every file of the data directory with its text. */
function kept(): Readonly<Record<string, string>> {
  const files = readdirSync(hospital.dataDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(paths.map((path) => [path, readFileSync(path, 'utf8')]));
}

describe('--dry-run', () => {
  it.each(commandAreas.map(({ name, commands }) => [name, commands] as const))(
    'of each command of `lianyi %s` sends nothing and writes nothing',
    async (area, commands) => {
      const before = kept();
      for (const spec of await commands()) {
        await dry(area, spec);
        expect({ command: spec.name, carried: hospital.carried }).toEqual({ command: spec.name, carried: [] });
        expect(kept()).toEqual(before);
      }
    },
  );

  it('is refused by every command that makes no request that it could show', async () => {
    const refused: string[] = [];
    for (const { name: area, commands } of commandAreas) {
      for (const spec of await commands()) {
        const { code, stderr } = await dry(area, spec);
        if (code === 2 && /^ +--dry-run$/m.test(stderr)) refused.push(wordsOf(area, spec));
      }
    }
    expect(refused.sort()).toEqual([
      'access list',
      'access picture',
      'access read',
      'archive make',
      'archive verify',
      'assist register',
      'assist send',
      'assist sign',
      'audit verify-chain',
      'audit verify-commands',
      'capacity confirm',
      'capacity declare',
      'card token',
      'correction tell',
      'death confirm',
      'death dispute',
      'death propose',
      'death revoke',
      'delegation confirm',
      'delegation confirm-court',
      'delegation offer',
      'delegation propose',
      'delegation propose-court',
      'device new',
      'device sign',
      'doctor integrator',
      'duplicate confirm',
      'duplicate merge',
      'duplicate show',
      'duplicate view',
      'fhir serve',
      'governance approve',
      'guardian combine',
      'guardian key',
      'guardian split',
      'hl7 confirm-merge',
      'hl7 dismiss-merge',
      'hl7 drop',
      'hl7 merges',
      'hl7 messages',
      'hl7 serve',
      'hl7 try-again',
      'hl7 waiting',
      'ledger status',
      'ledger wait',
      'node agree',
      'node digest',
      'node disagree',
      'node distrust',
      'node init',
      'node start',
      'node status',
      'node trust',
      'pin recover',
      'pin set',
      'pointer read',
      'profile add',
      'profile add-hospital',
      'profile from-samples',
      'recognition find',
      'recognition report',
      'record conclusion',
      'record page',
      'recovery approve',
      'recovery complete',
      'recovery confirm',
      'recovery open',
      'recovery prepare',
      'recovery show',
      'referral agree',
      'referral withdraw',
      'relationship introduce',
      'staff key',
      'wallet create',
      'wallet discard',
      'wallet give-up',
      'wallet inbox',
      'wallet phrase',
      'wallet pseudonym',
      'wallet recover',
      'wallet sync',
      'wallet take-over',
    ]);
  });
});
