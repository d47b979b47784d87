import type { FastifyReply } from 'fastify';
import { type JsonObject } from '@lianyi/documents/json-object';
import { xmlOfResource } from '../xml/write-xml';
import { type AnswerFormat } from './negotiation';

export const TYPE_OF: Readonly<Record<AnswerFormat, string>> = {
  json: 'application/fhir+json; charset=utf-8',
  xml: 'application/fhir+xml; charset=utf-8',
};

/** Sends a resource of the facade's own in the format that was asked for. */
export async function sendResource(reply: FastifyReply, resource: JsonObject, format: AnswerFormat): Promise<void> {
  await reply.type(TYPE_OF[format]).send(format === 'xml' ? xmlOfResource(resource) : JSON.stringify(resource));
}
