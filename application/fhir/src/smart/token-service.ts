import { createHash, randomBytes } from 'node:crypto';
import { createLocalJWKSet, decodeJwt, errors as joseErrors, type JWTPayload, jwtVerify } from 'jose';
import { z } from 'zod';
import { type Purpose, purposeSchema } from '@lianyi/domain';
import { grantedScopes, type RegisteredClient } from './registered-client';

/** What a token lets its bearer do, and until when. */
export interface Session {
  readonly client: RegisteredClient;
  readonly scopes: readonly string[];
  readonly purpose: Purpose | undefined;
  readonly expiresAtMillis: number;
}

/** Why no token is given, in OAuth's words (RFC 6749 §5.2). */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused';
  constructor(
    readonly error: 'invalid_request' | 'invalid_client' | 'unsupported_grant_type' | 'invalid_scope',
    message: string,
  ) {
    super(message);
  }
}

/** The body of a request for a token, strictly: each field once and no other. */
const tokenRequestSchema = z.strictObject({
  grant_type: z.string(),
  scope: z.string().max(2_048),
  client_assertion_type: z.string(),
  client_assertion: z.string().max(8_192),
});

export interface TokenAnswer {
  readonly access_token: string;
  readonly token_type: 'bearer';
  readonly expires_in: number;
  readonly scope: string;
}

const TOKEN_SECONDS = 300;
/** SMART: an assertion lives five minutes at most. */
const ASSERTION_SECONDS = 300;
const CLOCK_SECONDS = 30;
/** SMART Backend Services asks a server for these two; ES256 besides, which is what keys of this house are. */
const ALGORITHMS = ['ES384', 'RS384', 'ES256'];
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** HL7 v3 PurposeOfUse, under the spellings in use. */
const PURPOSE_SYSTEMS = ['http://terminology.hl7.org/CodeSystem/v3-ActReason', 'urn:oid:2.16.840.1.113883.5.8', 'urn:lianyi:purpose'];
const MOST_SESSIONS = 10_000;

/** IHE IUA 3.71.4.1.2.2.1: `extensions.ihe_iua.purpose_of_use`, of which exactly one is taken. */
const claimSchema = z.object({
  extensions: z
    .object({ ihe_iua: z.object({ purpose_of_use: z.array(z.object({ system: z.string(), code: z.string() })).length(1) }) })
    .optional(),
});

/**
 * Gives access tokens for a signed assertion (SMART Backend Services). A token is random, its hash is kept in memory, and it is bound to one client, so to
 * one staff entry, to scopes and to at most one purpose of use.
 *
 * @remarks Source: SMART App Launch 2.2 §backend-services; RFC 7523 §3; IHE ITI IUA.
 */
export class TokenService {
  readonly #sessions = new Map<string, Session>();
  /** Assertions that were used, until they are too old to be used again. */
  readonly #used = new Map<string, number>();

  constructor(
    private readonly clients: ReadonlyMap<string, RegisteredClient>,
    private readonly now: () => number = Date.now,
  ) {}

  /** @throws TokenRefused */
  async give(tokenUrl: string, given: unknown): Promise<TokenAnswer> {
    const request = tokenRequestSchema.safeParse(given);
    if (!request.success)
      throw new TokenRefused('invalid_request', 'grant_type, scope, client_assertion_type and client_assertion, each once');
    const { grant_type, client_assertion_type, client_assertion, scope } = request.data;
    if (grant_type !== 'client_credentials') throw new TokenRefused('unsupported_grant_type', 'client_credentials only');
    if (client_assertion_type !== ASSERTION_TYPE) throw new TokenRefused('invalid_request', 'jwt-bearer only');
    const { client, claims } = await this.#clientOf(client_assertion, tokenUrl);
    const purpose = purposeOf(client, claims);
    const scopes = grantedScopes(scope.split(' '), client.scopes);
    if (scopes.length === 0) throw new TokenRefused('invalid_scope', 'none of these scopes is registered');
    this.#useOnce(client, claims);
    const token = randomBytes(32).toString('base64url');
    this.#purge();
    this.#sessions.set(hashOfToken(token), { client, scopes, purpose, expiresAtMillis: this.now() + TOKEN_SECONDS * 1000 });
    return { access_token: token, token_type: 'bearer', expires_in: TOKEN_SECONDS, scope: scopes.join(' ') };
  }

  /** The session of a bearer token; undefined if there is none that holds now. */
  sessionOf(authorization: string | undefined): Session | undefined {
    const [, token] = /^Bearer ([A-Za-z0-9_-]{43})$/i.exec(authorization ?? '') ?? [];
    const session = token === undefined ? undefined : this.#sessions.get(hashOfToken(token));
    return session !== undefined && session.expiresAtMillis > this.now() ? session : undefined;
  }

  async #clientOf(assertion: string, tokenUrl: string): Promise<{ readonly client: RegisteredClient; readonly claims: JWTPayload }> {
    const client = this.clients.get(issuerOf(assertion));
    if (client === undefined) throw unknownClient();
    try {
      const { payload } = await jwtVerify(assertion, createLocalJWKSet(client.jwks), {
        ...{ algorithms: ALGORITHMS, audience: tokenUrl, issuer: client.clientId, subject: client.clientId },
        ...{ requiredClaims: ['exp', 'jti'], clockTolerance: CLOCK_SECONDS, currentDate: new Date(this.now()) },
      });
      return { client, claims: payload };
    } catch (error) {
      if (error instanceof joseErrors.JOSEError) throw unknownClient();
      throw error;
    }
  }

  /** An assertion is good for one token. @throws TokenRefused — it lives too long, or was used before */
  #useOnce({ clientId }: RegisteredClient, { exp = 0, jti }: JWTPayload): void {
    const seconds = this.now() / 1000;
    if (typeof jti !== 'string' || jti.length > 256 || exp > seconds + ASSERTION_SECONDS + CLOCK_SECONDS) throw unknownClient();
    const key = JSON.stringify([clientId, jti]);
    if (this.#used.has(key)) throw unknownClient();
    this.#used.set(key, (exp + CLOCK_SECONDS) * 1000);
  }

  #purge(): void {
    const now = this.now();
    for (const [key, session] of this.#sessions) if (session.expiresAtMillis <= now) this.#sessions.delete(key);
    for (const [key, until] of this.#used) if (until <= now) this.#used.delete(key);
    if (this.#sessions.size >= MOST_SESSIONS) throw new TokenRefused('invalid_request', 'too many tokens');
  }
}

function hashOfToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** One answer for an unknown client, a wrong key, another audience and an old assertion: who guesses learns nothing. */
function unknownClient(): TokenRefused {
  return new TokenRefused('invalid_client', 'the assertion is not one of a registered client');
}

function issuerOf(assertion: string): string {
  try {
    return decodeJwt(assertion).iss ?? '';
  } catch {
    throw unknownClient(); // not so much as a token
  }
}

/** What the assertion says, if it is registered for the client; the only registered one, if it says none. */
function purposeOf({ purposes }: RegisteredClient, claims: JWTPayload): Purpose | undefined {
  const parsed = claimSchema.safeParse(claims);
  if (!parsed.success) throw new TokenRefused('invalid_request', 'extensions.ihe_iua.purpose_of_use: one Coding');
  const said = parsed.data.extensions?.ihe_iua.purpose_of_use[0];
  if (said === undefined) return purposes.length === 1 ? purposes[0] : undefined;
  const purpose = purposeSchema.safeParse(said.code);
  if (!PURPOSE_SYSTEMS.includes(said.system) || !purpose.success || !purposes.includes(purpose.data))
    throw new TokenRefused('invalid_scope', 'the purpose of use is not registered for the client');
  return purpose.data;
}
