import { applyDecorators, type Type } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiProperty,
  ApiResponse,
  type ApiResponseOptions,
  getSchemaPath,
} from '@nestjs/swagger';
import type { Page } from './page.js';

type Content = NonNullable<ApiResponseOptions['content']>;
type Schema = NonNullable<Content[string]['schema']>;
type Options = Pick<ApiResponseOptions, 'status' | 'headers' | 'description'>;

/** For `AnswersAs`: a media type that is text of its own kind. */
export const text: Schema = { type: 'string' };
/** For `AnswersAs`: a media type whose answer is bytes. OpenAPI 3.1 has no schema for them. */
export const bytes: Schema = {};

/** What comes in a media type: a class; a line of any of some classes; or a schema, such as `text` and `bytes`. */
type Represented = Type | readonly Type[] | Schema;

/** Declares an answer that comes in several media types, or in another than JSON. */
export function AnswersAs(
  content: Readonly<Record<string, Represented>>,
  options: Options = {},
): MethodDecorator {
  const models = Object.values(content).flat().filter(isClass);
  const schemas = Object.entries(content).map(([mediaType, one]) => [mediaType, { schema: schemaOf(one) }]);
  return applyDecorators(
    ApiExtraModels(...models),
    ApiResponse({ status: 200, ...options, content: Object.fromEntries(schemas) }),
  );
}

function schemaOf(one: Represented): Schema {
  if (isClass(one)) return { $ref: getSchemaPath(one) };
  return isLines(one) ? linesOf(one) : one;
}

const isClass = (one: unknown): one is Type => typeof one === 'function';
const isLines = (one: Represented): one is readonly Type[] => Array.isArray(one);

/** Of lines OpenAPI 3.1 says nothing; `x-lines` is what 3.2 has as `itemSchema`. */
function linesOf(kinds: readonly Type[]): Schema {
  const refs = kinds.map((kind) => ({ $ref: getSchemaPath(kind) }));
  const lines = {
    type: 'string' as const,
    description: `Each line is JSON: ${kinds.map(({ name }) => name).join(', ')}`,
    'x-lines': { anyOf: refs },
  };
  return lines;
}

/** The class of a page of a list, for the OpenAPI of the answer. Once for each class of items. */
export function pageOf<T extends object>(Item: Type<T>): Type<Page<T>> {
  class PageOf implements Page<T> {
    @ApiProperty({ type: [Item] })
    items!: T[];

    @ApiProperty({ type: String, nullable: true, description: 'Null on the last page' })
    nextCursor!: string | null;
  }
  Object.defineProperty(PageOf, 'name', { value: `PageOf${Item.name}` });
  return PageOf;
}

interface ByNameOptions {
  readonly description: string;
  readonly list?: boolean;
  readonly optional?: boolean;
}

/** A property that has answers of a class, or lists of them, by a name of the study's own. */
export function ByName(Item: Type, { description, list, optional }: ByNameOptions): PropertyDecorator {
  const item = { $ref: getSchemaPath(Item) };
  const additionalProperties = list ? { type: 'array', items: item } : item;
  return (target, key) => {
    ApiExtraModels(Item)(target.constructor);
    ApiProperty({ type: 'object', additionalProperties, description, selfRequired: !optional })(target, key);
  };
}
