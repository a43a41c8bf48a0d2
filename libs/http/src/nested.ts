import { applyDecorators } from '@nestjs/common';
import { ArrayMaxSize, IsArray, IsObject, ValidateNested } from 'class-validator';

type ClassOf = () => new () => object;

/** A body’s property that holds one object of a class; `ValidateNested` alone would let arrays pass. */
export function Nested(type: ClassOf): PropertyDecorator {
  return applyDecorators(IsObject(), ValidateNested({ context: { nested: type } }));
}

/** A body’s property that holds a list of at most so many objects of a class. */
export function NestedList(type: ClassOf, most: number): PropertyDecorator {
  return applyDecorators(
    IsArray(),
    ArrayMaxSize(most),
    IsObject({ each: true }),
    ValidateNested({ each: true, context: { nested: type } }),
  );
}
