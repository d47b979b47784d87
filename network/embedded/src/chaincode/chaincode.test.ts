import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { marshal, peer } from '@lianyi/fabric-protocol';
import { EXIT_WITH_PARENT, fillIn, readLaunchCommand } from '@lianyi/network-model';
import { temporaryDir } from '@lianyi/test/support/ledger-fixture';
import { nextBatch, readPageRequest, startQuery } from './query-batches';

type Batch = ReturnType<typeof startQuery>;

function scanOf(count: number): Batch['scan'] {
  let next = 0;
  return {
    next: () => (next < count ? Buffer.from(String(next++)) : undefined),
    bookmark: () => (next < count ? `key${next}` : ''),
    close: () => undefined,
  };
}

/** Sizes of the messages a query of `count` results is sent in. */
function messagesOf(count: number): { readonly size: number; readonly more: boolean }[] {
  const query = startQuery(scanOf(count));
  const messages: { size: number; more: boolean }[] = [];
  for (let finished = false; !finished;) {
    const answer = nextBatch('id', query, false);
    const response = peer.QueryResponse.deserializeBinary(answer.payload);
    messages.push({ size: response.getResultsList().length, more: response.getHasMore() });
    ({ finished } = answer);
  }
  return messages;
}

describe('results of a query', () => {
  it.each([
    [0, [{ size: 0, more: false }]],
    [100, [{ size: 100, more: false }]],
    [
      101,
      [
        { size: 100, more: true },
        { size: 1, more: false },
      ],
    ],
    [
      200,
      [
        { size: 100, more: true },
        { size: 100, more: false },
      ],
    ],
    [
      250,
      [
        { size: 100, more: true },
        { size: 100, more: true },
        { size: 50, more: false },
      ],
    ],
  ])('of %i come in messages of 100, and "more" only with a result in hand', (count, messages) => {
    expect(messagesOf(count)).toEqual(messages);
  });

  it('are one message with a bookmark when a page was asked for', () => {
    const query = startQuery(scanOf(251), { pageSize: 200, bookmark: '' });
    const { payload, finished } = nextBatch('id', query, true);
    const response = peer.QueryResponse.deserializeBinary(payload);
    expect([finished, response.getResultsList().length, response.getHasMore()]).toEqual([true, 200, false]);
    expect(peer.QueryResponseMetadata.deserializeBinary(response.getMetadata_asU8()).toObject()).toEqual({
      fetchedRecordsCount: 200,
      bookmark: 'key200',
    });
  });

  it.each([
    [0, '', false],
    [0, 'b', true],
    [5, '', true],
  ])('with page size %i and bookmark "%s" are a page: %s', (pageSize, bookmark, isPage) => {
    const metadata = new peer.QueryMetadata();
    metadata.setPagesize(pageSize);
    metadata.setBookmark(bookmark);
    expect(readPageRequest(marshal(metadata)) !== undefined).toBe(isPage);
  });
});

describe('the start command of a chaincode directory', () => {
  const scratch = temporaryDir();
  afterAll(() => {
    scratch.remove();
  });
  const write = (name: string, content: string): string => {
    const dir = join(scratch.dir, name);
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, 'package.json'), content);
    return dir;
  };

  it('is the words of start:server, run by Node without a shell', () => {
    const dir = write('plain', '{"scripts":{"start:server":"node dist/main.js --id $CORE_CHAINCODE_ID ; rm -rf /"}}');
    expect(readLaunchCommand(dir)).toEqual({
      script: join(dir, 'dist/main.js'),
      args: ['--id', '$CORE_CHAINCODE_ID', ';', 'rm', '-rf', '/'],
    });
  });

  it.each([
    ['$A/${A}', 'x/x'],
    ['$MISSING', ''],
    ['plain', 'plain'],
  ])('fills %s in as "%s" from the given environment only', (argument, filled) => {
    expect(fillIn(argument, { A: 'x' })).toBe(filled);
  });

  it.each([
    ['none', undefined, 'is not a chaincode directory: it has no package.json'],
    ['broken', '{', 'is not a package.json'],
    ['nowhere', '{"scripts":{"start:server":"no-such-program"}}', "'no-such-program', which is not installed there"],
    ['bare', '{"scripts":{"start:server":"node"}}', 'names no script for node'],
  ])('is refused in one sentence: %s', (name, content, sentence) => {
    const dir = content === undefined ? join(scratch.dir, name) : write(name, content);
    expect(() => readLaunchCommand(dir)).toThrow(sentence);
  });
});

describe('a process on the leash', () => {
  it.each([
    ['waits', 'setInterval(() => {}, 1000); console.log("up")'],
    ['is busy', 'console.log("up"); for (;;);'],
  ])('dies with its parent while it %s', async (_how, code) => {
    const child = spawn(process.execPath, ['--require', EXIT_WITH_PARENT, '-e', code], { stdio: ['pipe', 'pipe', 'ignore'] });
    await once(child.stdout, 'data');
    await new Promise((done) => setTimeout(done, 300)); // its watch is a thread that also has to start
    child.stdin.end();
    const [, signal] = (await once(child, 'exit')) as [number | null, string];
    expect(signal).toBe('SIGKILL');
  });

  it('ends by itself with its own exit code', async () => {
    const child = spawn(process.execPath, ['--require', EXIT_WITH_PARENT, '-e', 'process.exit(7)'], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(7);
  });
});
