import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '#access';
import { catalogue, Problem, type ProblemCode } from '#problem';
import { ProblemAnswer, ProblemsAnswer } from './problems.dto.js';

/** What the `type` of a problem document points to. */
@ApiTags('Problems')
@Public()
@Controller('problems')
export class ProblemsController {
  @Get()
  @ApiOperation({ summary: 'Every problem there is' })
  @ApiOkResponse({ type: ProblemsAnswer })
  list(): ProblemsAnswer {
    return {
      items: Object.entries(catalogue).map(([code, entry]) => ({ type: `/problems/${code}`, ...entry })),
    };
  }

  @Get(':code')
  @ApiOperation({ summary: 'What one problem means' })
  @ApiOkResponse({ type: ProblemAnswer })
  read(@Param('code') code: string): ProblemAnswer {
    if (!Object.hasOwn(catalogue, code)) throw new Problem('not-found', 'There is no such problem.');
    return { type: `/problems/${code}`, ...catalogue[code as ProblemCode] };
  }
}
