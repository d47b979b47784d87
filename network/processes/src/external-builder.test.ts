import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeExternalBuilder } from './external-builder';

/** As in the packages of `packChaincode`. */
const template = {
  address: '{{address}}',
  dial_timeout: '10s',
  tls_required: true,
  root_cert: '{{root_cert}}',
  client_auth_required: true,
  client_cert: '{{client_cert}}',
  client_key: '{{client_key}}',
};

describe('the external builder', () => {
  const dir = mkdtempSync(join(tmpdir(), "lianyi builder's "));
  const step = (name: string, ...args: string[]): Buffer =>
    execFileSync(join(dir, 'builder', 'bin', name), args, {
      cwd: dir,
      env: { PATH: process.env['PATH'] ?? '', LIANYI_CHAINCODE_CONNECTIONS: join(dir, 'connections.json') },
      stdio: 'pipe',
    });
  const metadata = (content: object): void => {
    writeFileSync(join(dir, 'metadata', 'metadata.json'), JSON.stringify(content));
  };

  beforeAll(() => {
    writeExternalBuilder(join(dir, 'builder'));
    for (const folder of ['code', 'metadata', 'built', 'released']) mkdirSync(join(dir, folder));
    writeFileSync(join(dir, 'code', 'connection.json'), JSON.stringify(template));
    for (const name of ['ca.crt', 'server.crt', 'server.key']) writeFileSync(join(dir, name), `PEM of ${name}`);
    const connection = {
      address: 'localhost:9',
      root_cert: join(dir, 'ca.crt'),
      client_cert: join(dir, 'server.crt'),
      client_key: join(dir, 'server.key'),
    };
    writeFileSync(join(dir, 'connections.json'), JSON.stringify({ 'emr_1.0': connection }));
  });
  afterAll(() => {
    rmSync(dir, { recursive: true, force: true });
  });

  it('takes our packages and leaves others to other builders', () => {
    metadata({ type: 'ccaas', label: 'emr_1.0' });
    expect(() => step('detect', 'code', 'metadata')).not.toThrow();
    metadata({ type: 'golang', label: 'emr_1.0' });
    expect(() => step('detect', 'code', 'metadata')).toThrow();
  });

  it('fills in the address and keys of its own peer, from a path with blanks and quotes', () => {
    metadata({ type: 'ccaas', label: 'emr_1.0' });
    step('build', 'code', 'metadata', 'built');
    step('release', 'built', 'released');
    expect(JSON.parse(readFileSync(join(dir, 'released', 'chaincode', 'server', 'connection.json'), 'utf8'))).toEqual({
      address: 'localhost:9',
      dial_timeout: '10s',
      tls_required: true,
      root_cert: 'PEM of ca.crt',
      client_auth_required: true,
      client_cert: 'PEM of server.crt',
      client_key: 'PEM of server.key',
    });
  });

  it('says which package it has no service for', () => {
    metadata({ type: 'ccaas', label: 'other_1.0' });
    step('build', 'code', 'metadata', 'built');
    expect(() => step('release', 'built', 'released')).toThrow(/knows no service for the chaincode package other_1\.0/);
  });
});
