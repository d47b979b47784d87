import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { FastifyBaseLogger } from 'fastify';
import { DomainError } from '@lianyi/domain';
import { everyNowAndThen } from './every-now-and-then';

/** A certificate with its private key, PEM; a chain may follow the certificate. */
export interface CertificatePair {
  readonly cert: string;
  readonly key: string;
}

interface Files {
  /** What it is for, as people are told. */
  readonly what: string;
  readonly certFile: string;
  readonly keyFile: string;
}

const LOOK_MILLIS = 1_000;
/** An end is announced this long ahead, in health and in the log. */
const ANNOUNCED_DAYS = 14;
const DAY_MILLIS = 86_400_000;
const ANNOUNCE_EVERY_MILLIS = DAY_MILLIS;

/**
 * A certificate and its key as their two files have them now.
 *
 * They are renewed under a running node. A pair is taken over when both files fit each other: between the writing of one and of the
 * other, and while a file is broken, the former pair stays.
 */
export class CertificateFiles {
  #announcedAt = 0;
  #refused: string | undefined;

  private constructor(
    private readonly files: Files,
    private readonly log: Pick<FastifyBaseLogger, 'info' | 'warn'>,
    private pair: CertificatePair,
    private readonly now: () => number,
  ) {}

  /** @throws {@link DomainError} `CERTIFICATE_UNUSABLE` — details name the file and the cause: unreadable, not the key's, not valid now. */
  static async open(files: Files, log: Pick<FastifyBaseLogger, 'info' | 'warn'>, now: () => number = Date.now): Promise<CertificateFiles> {
    return new CertificateFiles(files, log, await readPair(files, now()), now);
  }

  get current(): CertificatePair {
    return this.pair;
  }

  /** Why nobody will accept it any more; undefined while it is valid. */
  get fault(): string | undefined {
    const { validTo } = new X509Certificate(this.pair.cert);
    return this.now() < Date.parse(validTo) ? undefined : `the certificate for ${this.files.what} ended at ${instantText(validTo)}`;
  }

  /** When it ends, from two weeks before. */
  get warning(): string | undefined {
    const { validTo } = new X509Certificate(this.pair.cert);
    const left = Date.parse(validTo) - this.now();
    if (left <= 0 || left > ANNOUNCED_DAYS * DAY_MILLIS) return undefined;
    return `the certificate for ${this.files.what} ends at ${instantText(validTo)}`;
  }

  /** Looks at the files every second. @param renewed runs with each new pair @returns what ends it */
  follow(renewed: (pair: CertificatePair) => void): () => Promise<void> {
    return everyNowAndThen(LOOK_MILLIS, this.log, this.files.what, () => this.look(renewed));
  }

  /** Takes over what the files have now, if it is another pair and a good one. */
  async look(renewed: (pair: CertificatePair) => void): Promise<void> {
    this.#announce();
    try {
      const found = await readPair(this.files, this.now());
      this.#refused = undefined;
      if (found.cert === this.pair.cert && found.key === this.pair.key) return;
      renewed(found);
      this.pair = found;
      this.log.info({ what: this.files.what, until: new X509Certificate(found.cert).validTo }, 'the certificate was renewed');
    } catch (error) {
      const cause = error instanceof DomainError ? String(error.details['cause']) : 'it does not serve';
      if (this.#refused !== cause) this.log.warn({ what: this.files.what, cause }, 'the certificate’s files are not taken over');
      this.#refused = cause;
    }
  }

  #announce(): void {
    const said = this.fault ?? this.warning;
    if (said === undefined || this.now() - this.#announcedAt < ANNOUNCE_EVERY_MILLIS) return;
    this.#announcedAt = this.now();
    this.log.warn({ what: this.files.what }, said);
  }
}

async function readPair({ certFile, keyFile }: Files, now: number): Promise<CertificatePair> {
  const [cert, key] = await Promise.all([read(certFile), read(keyFile)]);
  const certificate = parsed(certFile, 'it holds no certificate', () => new X509Certificate(cert));
  const privateKey = parsed(keyFile, 'it holds no private key', () => createPrivateKey(key));
  if (!certificate.checkPrivateKey(privateKey)) throw unusable(keyFile, `it is not the key of ${certFile}`);
  if (now >= Date.parse(certificate.validTo)) throw unusable(certFile, `it ended at ${instantText(certificate.validTo)}`);
  if (now < Date.parse(certificate.validFrom)) throw unusable(certFile, `it begins at ${instantText(certificate.validFrom)}`);
  return { cert, key };
}

function parsed<Value>(file: string, cause: string, parse: () => Value): Value {
  try {
    return parse();
  } catch {
    // OpenSSL's message may quote the input, so it is not kept
    throw unusable(file, cause);
  }
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw unusable(file, 'it cannot be read', error);
  }
}

function unusable(file: string, cause: string, error?: unknown): DomainError {
  return new DomainError('CERTIFICATE_UNUSABLE', undefined, { file, cause }, { cause: error });
}

function instantText(date: string): string {
  return new Date(date).toISOString();
}
