import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { mspIdSchema, type PatientProof, type Pseudonym, Refused } from '@lianyi/domain';
import { buildProgram, startProgram } from '@lianyi/test/support/child-program';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { LedgerOfOne } from '../wallet/ledger-of-one.fixture';
import { namesOf } from '../wallet/wallet-world.fixture';
import { createWallet, openWallet } from './wallet-file';

const PROGRAMS = 3;
const ROUNDS = 2;

/** A node that carries to a ledger with one pseudonym, and remembers what came, and how many were under way at once. */
class NodeOfOne {
  readonly came: PatientProof[] = [];
  most = 0;
  #underWay = 0;

  constructor(
    private readonly ledger: LedgerOfOne,
    /** The code with which the n-th command is answered instead of being committed. */
    private readonly refusalOf: (n: number) => string | undefined,
  ) {}

  async answer(what: string, body: string): Promise<object> {
    if (what === '/word') return this.ledger.entry;
    this.#underWay += 1;
    this.most = Math.max(this.most, this.#underWay);
    try {
      const proof = JSON.parse(body) as PatientProof; // the test's own program
      this.came.push(proof);
      const code = this.refusalOf(this.came.length);
      await new Promise((resolve) => setTimeout(resolve, 5));
      return code === undefined ? await this.ledger.commit(proof) : { code };
    } catch (error) {
      if (error instanceof Refused) return { code: error.code };
      throw error;
    } finally {
      this.#underWay -= 1;
    }
  }
}

describe('commands of one wallet, given by several programs at once', () => {
  let path: string;
  let pseudonym: Pseudonym;
  let ledger: LedgerOfOne;
  let server: Server;
  beforeEach(async () => {
    path = join(scratchDirectory(), 'mother.wallet');
    const wallet = await createWallet(path, 'correct horse', { scryptN: 2 ** 10 }); // the least scrypt allows of itself
    const added = await wallet.addRelationship(mspIdSchema.parse('HospitalAMSP'));
    ({ pseudonym } = added);
    ledger = new LedgerOfOne(added.nextKeyHash);
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  /** @returns what the programs were told of their commands that failed */
  async function runAll(node: NodeOfOne): Promise<readonly string[]> {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (piece: Buffer) => (body += piece.toString()));
      request.on('end', () => void node.answer(request.url ?? '', body).then((answer) => response.end(JSON.stringify(answer))));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server's address is no string
    const program = buildProgram(join(__dirname, 'commands-in-turn.fixture.ts'));
    const programs = Array.from({ length: PROGRAMS }, () => startProgram(program, path, url, pseudonym, String(ROUNDS)));
    const told: string[] = [];
    const listening = programs.map(async ({ lines }) => {
      for (let next = await lines.next(); next.done !== true; next = await lines.next()) told.push(next.value);
    });
    expect(await Promise.all(programs.map(({ ended }) => ended))).toEqual(programs.map(() => 0));
    await Promise.all(listening);
    return told;
  }

  it.each<readonly [string, (n: number) => string | undefined]>([
    ['carries each', () => undefined],
    ['has too many others now and then', (n) => (n % 3 === 0 ? 'RATE_LIMITED' : undefined)],
    ['reaches no peer now and then', (n) => (n % 4 === 1 ? 'LEDGER_UNAVAILABLE' : undefined)],
    ['finds the time wrong, twice in a row', (n) => (n % 5 === 2 || n % 5 === 3 ? 'TIME_SKEW' : undefined)],
    ['does not know what became of some', (n) => (n === 2 ? 'OUTCOME_UNKNOWN' : undefined)],
  ])('wait for each other, and each is committed once, before a node that %s', async (_what, refusalOf) => {
    const node = new NodeOfOne(ledger, refusalOf);
    const told = await runAll(node);
    expect(node.most).toBe(1);
    // nobody met another's command or a used key: what was refused is what the node refused
    expect(told.every((code) => node.came.some((_, index) => refusalOf(index + 1) === code))).toBe(true);
    const accepted = namesOf(ledger.committed).filter((name) => name === 'AcceptRelationship').length;
    const resent = told.filter((code) => code === 'OUTCOME_UNKNOWN').length;
    expect(accepted).toBe(PROGRAMS * ROUNDS + resent);
    const keys = ledger.committed.map(({ statement }) => statement.publicKey);
    expect(new Set(keys).size).toBe(keys.length);
    // the wallet is where the ledger is: it signs the next command with the announced key
    const wallet = await openWallet(path, 'correct horse');
    expect((await wallet.relationships()).flatMap(({ open }) => open)).toEqual([]);
    expect(await wallet.isOwnKey(pseudonym, ledger.entry.nextKeyHash)).toBe(true);
  });
});
