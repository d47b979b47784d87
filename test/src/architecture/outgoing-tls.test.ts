import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { packages } from './packages';
import { repositoryRoot } from './workspaces';

/** A file that opens TLS connections to others: by Node's own modules or by gRPC. */
const OPENS = /import \{[^}]*\b(request|connect)\b[^}]*\} from 'node:(https|tls|http2)'|\bcredentials\.createSsl\(/;
/** Each place where it does. */
const OPENING = /\bcredentials\.createSsl\(|\bconnect\(\{ host|[^.\w]request\(/g;

describe('an outgoing TLS connection', () => {
  const sources = packages
    .flatMap((each) => each.sources)
    .filter((file) => OPENS.test(readFileSync(file, 'utf8')))
    .map((file) => relative(repositoryRoot, file));

  it('is opened in a few places', () => {
    expect(sources.length).toBeGreaterThanOrEqual(5);
  });

  it.each(sources)('asks for verification itself, whatever the environment says: %s', (file) => {
    const source = readFileSync(file, 'utf8');
    const asked = source.match(/\brejectUnauthorized: true\b/g) ?? [];
    expect(asked).toHaveLength((source.match(OPENING) ?? []).length);
  });
});
