import { type JsonObject } from '@lianyi/documents/json-object';
import { DomainError } from '@lianyi/domain';
import { questionOf, soleValue } from '../asking/question';
import { type FacadeNames } from '../resources/capability-statement';
import { TokenRefused, type TokenService } from '../smart/token-service';
import { type FacadeServer, FORM_TYPE } from './facade-server';
import { formatAsked } from './negotiation';
import { sendResource } from './resource-answer';

export interface OpenRoutes {
  readonly basePath: string;
  readonly tokens: TokenService;
  readonly namesNow: () => FacadeNames;
  readonly statement: (names: FacadeNames) => JsonObject;
}

const MOST_FORM_BYTES = 16 * 1024;

/** The routes that anybody may call: what the facade does, how one gets a token, and the token endpoint itself. */
export function addOpenRoutes(server: FacadeServer, { basePath, tokens, namesNow, statement }: OpenRoutes): void {
  server.get(`${basePath}/metadata`, async (request, reply) => {
    const at = request.url.indexOf('?');
    const question = questionOf({}, at < 0 ? [] : new URLSearchParams(request.url.slice(at + 1)));
    await sendResource(reply, statement(namesNow()), formatAsked(soleValue(question, '_format'), request.headers.accept));
  });
  server.get(`${basePath}/.well-known/smart-configuration`, async (_request, reply) => {
    await reply.type('application/json').send(JSON.stringify(smartConfiguration(namesNow().tokenUrl)));
  });
  server.post(`${basePath}/token`, { bodyLimit: MOST_FORM_BYTES }, async (request, reply) => {
    void reply.headers({ 'cache-control': 'no-store', pragma: 'no-cache' }).type('application/json');
    try {
      const answer = await tokens.give(namesNow().tokenUrl, formOf(request.headers['content-type'], request.body));
      await reply.send(JSON.stringify(answer));
    } catch (error) {
      if (!(error instanceof TokenRefused)) throw error;
      const body = { error: error.error, error_description: error.message };
      await reply.status(error.error === 'invalid_client' ? 401 : 400).send(JSON.stringify(body));
    }
  });
}

/** A form of which each field stands once. @throws TokenRefused, DomainError `MEDIA_TYPE_NOT_TAKEN` */
function formOf(contentType: string | undefined, body: unknown): Readonly<Record<string, string>> {
  if (contentType?.split(';')[0]?.trim().toLowerCase() !== FORM_TYPE)
    throw new DomainError('MEDIA_TYPE_NOT_TAKEN', undefined, { takes: FORM_TYPE });
  const fields = [...new URLSearchParams(Buffer.isBuffer(body) ? body.toString('utf8') : '')];
  if (new Set(fields.map(([name]) => name)).size < fields.length) throw new TokenRefused('invalid_request', 'a field twice');
  return Object.fromEntries(fields);
}

/** @remarks Source: SMART App Launch 2.2 §conformance. */
function smartConfiguration(tokenUrl: string): JsonObject {
  return {
    token_endpoint: tokenUrl,
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ['ES384', 'RS384', 'ES256'],
    grant_types_supported: ['client_credentials'],
    capabilities: ['client-confidential-asymmetric', 'permission-v2'],
  };
}
