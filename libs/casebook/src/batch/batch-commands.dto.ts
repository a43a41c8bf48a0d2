import type { Type } from '@nestjs/common';
import { validBody } from '#http';
import { Problem } from '#problem';
import type { CasebookCommands } from '../casebook.commands.js';
import { canonicalAddress } from '../form/plan.js';
import { QueryTextBody, RaiseQueryBody } from '../query/query.dto.js';
import {
  AllocateArmBody,
  CompleteSubjectBody,
  EnrolSubjectBody,
  FailScreeningBody,
  ReinstateSubjectBody,
  WithdrawSubjectBody,
} from '../subject/subject.dto.js';
import { PlacedFormBody } from './batch.dto.js';

/** How a command of a batch is read: `of` is the subject, or the query, that it names. */
interface Reading {
  readonly names: 'nothing' | 'subject' | 'query';
  read(fields: object, of: string): object;
}

/**
 * What may stand in a batch, by the command's name, with the fields of the call that does the same. Not
 * signing: who signs is there, and gives the password.
 */
export const batchCommands: Readonly<Partial<Record<keyof CasebookCommands, Reading>>> = {
  EnrolSubject: { names: 'nothing', read: (fields) => validBody(EnrolSubjectBody, fields) },
  AllocateArm: onSubject(AllocateArmBody),
  FailScreening: onSubject(FailScreeningBody),
  WithdrawSubject: onSubject(WithdrawSubjectBody),
  ReinstateSubject: onSubject(ReinstateSubjectBody),
  CompleteSubject: onSubject(CompleteSubjectBody),
  EnterForm: {
    names: 'subject',
    read(fields, subject) {
      const { ifMatch: _, ...body } = validBody(PlacedFormBody, fields);
      const address = canonicalAddress(body);
      if (!address) throw new Problem('not-found', 'There is no such form.');
      return { whole: true, ...body, ...address, subject };
    },
  },
  RaiseQuery: {
    names: 'subject',
    read(fields, subject) {
      const { rowKey, ...body } = validBody(RaiseQueryBody, fields);
      return { ...body, ...(rowKey !== undefined && { row: rowKey }), subject };
    },
  },
  AnswerQuery: onQuery(),
  CloseQuery: onQuery(),
  ReopenQuery: onQuery(),
  CancelQuery: onQuery(),
  CommentQuery: onQuery(),
};

function onSubject(body: Type<object>): Reading {
  return { names: 'subject', read: (fields, subject) => ({ ...validBody(body, fields), subject }) };
}

function onQuery(): Reading {
  return { names: 'query', read: (fields, query) => ({ ...validBody(QueryTextBody, fields), query }) };
}
