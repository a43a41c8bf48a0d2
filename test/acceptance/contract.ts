import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { closed, type Schema } from './closed-schema.js';

type Headers = Readonly<Record<string, unknown>>;

export interface Response {
  readonly $ref?: string;
  readonly description?: string;
  readonly headers?: Headers;
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
}

export interface OpenApi {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, { responses: Record<string, Response> }>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly headers: Headers;
    readonly responses: Readonly<Record<string, Response>>;
  };
}

interface Answered {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly text: string;
  /** Undefined where the answer is not JSON. */
  readonly body: unknown;
}

/** As the server writes them: an instant has milliseconds and is in UTC. */
const formats = {
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  date: /^\d{4}-\d\d-\d\d$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  byte: /^[A-Za-z0-9+/]*={0,2}$/,
};

/** What a server's own OpenAPI document declares of its answers, and whether an answer is one of them. */
export class Contract {
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true, formats });
  private readonly compiled = new Map<Schema, ValidateFunction>();
  private readonly templates: readonly { pattern: RegExp; template: string }[];

  constructor(private readonly document: OpenApi) {
    const { schemas } = document.components;
    const all = Object.entries(schemas).map(([name, schema]) => [name, closed(schema)]);
    this.ajv.addSchema({ $id: 'openapi', components: { schemas: Object.fromEntries(all) } });
    const variables = (template: string) => template.split('{').length;
    this.templates = Object.keys(document.paths)
      .sort((a, b) => variables(a) - variables(b))
      .map((template) => ({ pattern: patternOf(template), template }));
  }

  /** @throws Error naming operation, status and place where the answer is not what is declared */
  check(answered: Answered): void {
    const { method, path, status } = answered;
    const { template, response } = this.declared(answered);
    const fault = response ? this.faultOf(answered, response) : 'which is not declared';
    if (fault) throw new Error(`${method} ${template ?? path} answered ${status}, ${fault}`);
  }

  private declared({ method, path, status }: Answered): { template?: string; response?: Response } {
    const found = this.templates.filter(({ pattern }) => pattern.test(path));
    for (const { template } of found) {
      const operation = this.document.paths[template]![method === 'HEAD' ? 'get' : method.toLowerCase()];
      if (!operation) continue;
      const response = operation.responses[status] ?? (status >= 400 && operation.responses.default);
      return { template, ...(response && { response: this.resolved(response) }) };
    }
    // What is no operation is refused as everything is.
    return status >= 400 ? { response: this.document.components.responses.Problem! } : {};
  }

  private resolved(response: Response): Response {
    const name = response.$ref?.replace('#/components/responses/', '');
    return name === undefined ? response : this.document.components.responses[name]!;
  }

  private faultOf(answered: Answered, { content, headers = {} }: Response): string | undefined {
    const { method, headers: given, status, text, body } = answered;
    if (status < 300) {
      const undeclared = Object.keys(this.document.components.headers).filter(
        (name) => given.get(name) !== null && !(name in headers),
      );
      if (undeclared.length > 0) return `with the undeclared header ${undeclared.join(', ')}`;
    }
    if (method === 'HEAD') return undefined;
    if (!content) return text === '' ? undefined : 'with a body that is not declared';
    const mediaType = given.get('content-type')?.split(';')[0] ?? '';
    const declared = content[mediaType];
    if (!declared) return `in the undeclared media type '${mediaType}'`;
    const { schema } = declared;
    if (/[/+]json$/.test(mediaType)) return schema ? this.fault(schema, body) : 'without any schema';
    const lines = schema?.['x-lines'];
    const documents = lines && status !== 206 ? text.split('\n').filter((line) => line !== '') : [];
    for (const [i, line] of documents.entries()) {
      const fault = this.fault(lines!, JSON.parse(line));
      if (fault) return `line ${i} ${fault}`;
    }
    return undefined;
  }

  private fault(schema: Schema, body: unknown): string | undefined {
    const validate = this.validator(schema);
    return validate(body) ? undefined : `but ${wordsOf(validate.errors ?? [])}`;
  }

  private validator(schema: Schema): ValidateFunction {
    const known = this.compiled.get(schema);
    if (known) return known;
    const within = JSON.parse(JSON.stringify(closed(schema)).replaceAll('"#/', '"openapi#/'));
    const validate = this.ajv.compile(within);
    this.compiled.set(schema, validate);
    return validate;
  }
}

function patternOf(template: string): RegExp {
  const literal = template.replace(/[.*+?^$|()[\]\\]/g, '\\$&');
  // Only a path of its own has slashes: a tile's.
  return new RegExp(`^${literal.replace(/\{path\}/g, '.+').replace(/\{\w+\}/g, '[^/]+')}$`);
}

function wordsOf(errors: readonly ErrorObject[]): string {
  const words = errors.map(({ instancePath, message, params }) => {
    const name = params.additionalProperty ?? params.allowedValues;
    return `${instancePath || '/'} ${message}${name === undefined ? '' : `: ${name}`}`;
  });
  return [...new Set(words)].slice(0, 12).join('; ');
}

const contracts = new Map<string, Promise<Contract>>();

/** The contract of the server at an origin, read once. */
export function contractOf(origin: string): Promise<Contract> {
  let contract = contracts.get(origin);
  if (!contract) {
    contract = fetch(`${origin}/api/openapi.json`)
      .then((answer) => answer.json())
      .then((document) => new Contract(document as OpenApi));
    contracts.set(origin, contract);
  }
  return contract;
}
