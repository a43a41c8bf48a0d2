import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { whoMay } from '#access';
import { answerHeaders, problemSchema, withHeaders } from '#http';
import { definitionSchemas } from '#study';

type PathItem = OpenAPIObject['paths'][string];
type Operation = NonNullable<PathItem['get']> & { 'x-permission'?: readonly string[] };

/** OpenAPI from the code: the document and a page to read it. */
export function publishReference(app: NestFastifyApplication): void {
  SwaggerModule.setup('api/docs', app, () => documentOf(app), {
    jsonDocumentUrl: 'api/openapi.json',
    yamlDocumentUrl: 'api/openapi.yaml',
  });
}

function documentOf(app: NestFastifyApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Daybook')
    .setDescription('Every data entry, correction and query of a trial as an immutable, provable event.')
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .addBearerAuth()
    .build();
  const document = SwaggerModule.createDocument(app, config);
  for (const [path, item] of Object.entries(document.paths))
    for (const operation of Object.values(item) as Operation[]) complete(path, operation);
  const components = document.components!;
  components.schemas = { ...components.schemas, ...definitionSchemas(), Problem: problemSchema };
  components.headers = answerHeaders;
  components.responses = { Problem: refusal };
  return document;
}

/** Adds what every operation has in common: who may do it, its path, the headers of its answers, refusals. */
function complete(path: string, operation: Operation): void {
  const need = operation['x-permission'];
  if (need) operation.description = [operation.description, whoMay(need)].filter(Boolean).join(' ');
  operation.parameters = [...pathParameters(path, operation), ...(operation.parameters ?? [])];
  for (const [status, response] of Object.entries(operation.responses))
    if (response && !('$ref' in response) && status.startsWith('2'))
      response.headers = { ...headersOf(operation), ...response.headers };
  operation.responses.default = { $ref: '#/components/responses/Problem' };
}

/** Those that the handler does not read by their names. */
function pathParameters(path: string, { parameters = [] }: Operation) {
  const named = parameters.flatMap((one) => ('name' in one ? one.name : []));
  return [...path.matchAll(/\{(\w+)\}/g)]
    .map(([, name]) => name!)
    .filter((name) => !named.includes(name))
    .map((name) => ({ name, in: 'path' as const, required: true, schema: { type: 'string' } }));
}

/** Which headers an answer has follows from what may be asked. */
function headersOf({ parameters = [] }: Operation) {
  const asks = (name: string) => parameters.some((one) => 'name' in one && one.name === name);
  const writes = asks('Idempotency-Key');
  return {
    ...((writes || asks('Daybook-Min-Position') || asks('asOf')) && withHeaders('Daybook-Position')),
    ...(writes && withHeaders('Idempotent-Replayed')),
    ...(asks('cursor') && withHeaders('Link')),
  };
}

const refusal = {
  description: 'Refused: see `/problems`',
  headers: withHeaders('Retry-After', 'WWW-Authenticate'),
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};
