import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Readable, type Writable } from 'node:stream';
import { marshal, peer } from '@lianyi/fabric-protocol';
import { launchOf, readLaunchCommand } from '@lianyi/network-model';
import { temporaryDir } from '@lianyi/test/support/ledger-fixture';
import { nextBatch, readPageRequest, startQuery } from './query-batches';

type LeashedProcess = ChildProcessByStdio<Writable, Readable, null>;
type Batch = ReturnType<typeof startQuery>;

/** Starts Node as every chaincode is started. @returns the process, and a pipe that ends when the last of its group has ended */
function onLeash(...[script = '', ...more]: readonly string[]): { readonly child: LeashedProcess; readonly group: Readable } {
  const launch = launchOf({ kind: 'node', script, args: more }, '', {});
  const child = spawn(launch.command, [...launch.args], { detached: true, stdio: ['pipe', 'pipe', 'ignore', 'ignore', 'pipe'] });
  return { child: child as LeashedProcess, group: (child.stdio[4] as Readable).resume() };
}

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
    const dir = write('plain', '{"scripts":{"start:server":"node dist/main.js --id $CORE_CHAINCODE_ID --at ${ADDRESS}"}}');
    expect(readLaunchCommand(dir)).toEqual({
      kind: 'node',
      script: join(dir, 'dist/main.js'),
      args: ['--id', '$CORE_CHAINCODE_ID', '--at', '${ADDRESS}'],
    });
  });

  it.each([
    'set -x && node index.js',
    'A=1 node index.js',
    'node "index.js"',
    'node index.js; exit',
    'node index.js ${A:-b}',
    'cd src && node .',
  ])('is the shell, where it says more than words: %s', (text) => {
    const dir = write('shell', JSON.stringify({ scripts: { 'start:server': text } }));
    expect(readLaunchCommand(dir)).toEqual({ kind: 'script', name: 'start:server', text, isPlain: false });
  });

  it("is the samples' command without TLS, where the files of their container are not there", () => {
    const tls = 'set -x && node server --chaincode-tls-key-file=/nowhere/key.pem';
    const both = write('both', JSON.stringify({ scripts: { 'start:server': tls, 'start:server-nontls': 'set -x && node server' } }));
    expect(readLaunchCommand(both)).toEqual({ kind: 'script', name: 'start:server-nontls', text: 'set -x && node server', isPlain: true });
    const one = write('one', JSON.stringify({ scripts: { 'start:server': tls } }));
    expect(() => readLaunchCommand(one)).toThrow(/names \/nowhere\/key\.pem, which is not there; CORE_CHAINCODE_TLS_KEY_FILE/);
    const there = write(
      'there',
      JSON.stringify({ scripts: { 'start:server': tls.replace('/nowhere/key.pem', join(both, 'package.json')) } }),
    );
    expect(readLaunchCommand(there)).toMatchObject({ name: 'start:server', isPlain: false });
  });

  it('runs a script with the installed commands first on PATH, under the names that npm gives', () => {
    const dir = write('installed', '{}');
    const bin = join(dir, 'node_modules/.bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'greet'), '#!/bin/sh\necho "hello $npm_lifecycle_event $OWN"\n', { mode: 0o755 });
    const text = 'true && greet | cat';
    const { command, args, environment, isGroup } = launchOf({ kind: 'script', name: 'start:server', text, isPlain: false }, dir, {
      PATH: process.env['PATH'] ?? '',
      OWN: 'value',
    });
    expect(isGroup).toBe(true);
    expect(execFileSync(command, [...args], { env: environment, encoding: 'utf8' })).toBe('hello start:server value\n');
  });

  it.each([
    ['$A/${A}', 'x/x'],
    ['$MISSING', ''],
    ['plain', 'plain'],
  ])('fills %s in as "%s" from the given environment only', (argument, filled) => {
    const { args } = launchOf({ kind: 'node', script: 'index.js', args: [argument] }, scratch.dir, { A: 'x' });
    expect(args.at(-1)).toBe(filled);
  });

  it.each([
    ['none', undefined, 'is not a chaincode directory: it has no package.json'],
    ['broken', '{', 'is not a package.json'],
    ['nowhere', '{"scripts":{"start:server":"no-such-program"}}', "'no-such-program', which is not installed there"],
    ['bare', '{"scripts":{"start:server":"node"}}', 'names no script for node'],
    [
      'not-installed',
      '{"scripts":{"start:server":"set -x && fabric-chaincode-node server"}}',
      "'fabric-chaincode-node', which is not installed there",
    ],
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
    const { child, group } = onLeash('-e', code);
    await once(child.stdout, 'data');
    child.stdin.end();
    const [[, signal]] = (await Promise.all([once(child, 'exit'), once(group, 'end')])) as [[number | null, string], unknown];
    expect(signal).toBe('SIGKILL');
  });

  it('is the process that was started, and what it starts dies with it', async () => {
    const below = `require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' }); console.log(process.pid)`;
    const { child } = onLeash('-e', below);
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    expect(Number(line.toString())).toBe(child.pid);
    child.stdin.end();
    await once(child.stdout, 'end');
  });

  it('ends by itself with its own exit code, and what waits for its parent ends with it', async () => {
    const { child, group } = onLeash('-e', 'process.exit(7)');
    const [[code]] = (await Promise.all([once(child, 'exit'), once(group, 'end')])) as [[number], unknown];
    expect(code).toBe(7);
  });

  it('ends nobody where it leads no group', async () => {
    const { command, args } = launchOf({ kind: 'node', script: '-e', args: ['setTimeout(() => process.exit(7), 300)'] }, '', {});
    const child = spawn(command, [...args], { stdio: ['pipe', 'ignore', 'ignore'] });
    child.stdin.end();
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(7);
  });
});
