import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Query } from '@lianyi/domain';
import { assertProtected, PostgresqlQueries } from './postgresql-queries';

const query: Query = {
  view: 'laboratory_results',
  parameters: [{ name: 'patient', type: 'text' }],
  columns: [{ name: 'code', type: 'text' }],
  conditions: [{ column: 'patient_number', is: 'equal', parameter: 'patient' }],
};

describe('the connection to a PostgreSQL server', () => {
  it.each([
    'postgresql://node@localhost/hospital',
    'postgresql://node:secret@127.0.0.1:5432/hospital',
    'postgresql://node@[::1]/hospital',
    'postgresql://node@localhost/hospital?host=/var/run/postgresql',
    'postgresql://node@%2Fvar%2Frun%2Fpostgresql/hospital',
    'postgresql://node:secret@db.hospital.example/hospital?sslmode=verify-full',
    'postgresql://node:secret@localhost/hospital?host=db.hospital.example&sslmode=verify-full&sslrootcert=ca.pem',
  ])('may be %s', (url) => {
    expect(() => {
      assertProtected(url);
    }).not.toThrow();
  });

  it.each([
    'postgresql://node:secret@db.hospital.example/hospital',
    'postgresql://node:secret@10.0.0.7/hospital?sslmode=require',
    'postgresql://node:secret@db.hospital.example/hospital?sslmode=disable',
    'postgresql://node:secret@localhost/hospital?host=db.hospital.example',
    'postgresql://node:secret@localhost/hospital?host=/var/run&host=db.hospital.example',
    'postgresql://node:secret@db.hospital.example/hospital?sslmode=verify-full&sslmode=prefer',
    'postgresql://node:secret@localhost.example/hospital',
  ])('may not be %s', (url) => {
    let refused: unknown;
    try {
      assertProtected(url);
    } catch (error) {
      refused = error;
    }
    expect(refused).toMatchObject({ code: 'QUERY_UNAVAILABLE', details: { obstacle: 'connection-not-protected' } });
    expect(JSON.stringify(refused)).not.toContain('secret');
  });

  it('is not read from a file that others may read', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lianyi-queries-'));
    const urlFile = join(folder, 'query.url');
    writeFileSync(urlFile, 'postgresql://node@localhost/hospital');
    for (const mode of [0o644, 0o640, 0o604]) {
      chmodSync(urlFile, mode);
      const refused: unknown = await new PostgresqlQueries(urlFile)
        .rows(query, { patient: 'P-1' }, 'AMSP')
        .catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: 'QUERY_UNAVAILABLE', cause: { code: 'KEY_FILE_UNUSABLE' } });
    }
    rmSync(folder, { recursive: true });
  });
});
