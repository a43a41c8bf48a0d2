import { describe, expect, it } from 'vitest';
import { visits } from '../../../test/conformance/tabular-sample.js';
import { dictionary } from './dictionary.js';

describe('the data dictionary', () => {
  it('has a row a column, and codes in the order of their list', async () => {
    let text = '';
    const { table } = visits;
    const columns = [table.columns[2]!, table.columns[6]!];
    for await (const piece of dictionary([
      { ...table, columns },
      { ...table, name: 'V2', columns: [columns[0]!] },
    ]))
      text += Buffer.from(piece).toString();
    expect(text.split('\r\n')).toEqual([
      'table,name,label,type,unit,codeList,codes',
      'VISITS,WEIGHT,Weight,decimal,kg,,',
      'VISITS,SEX,"Sex, “as registered”",string,,CL.SEX,' +
        '"{""F"":""Female"",""M"":""Male"",""9"":""Other, \\""unknown\\""; – ""}"',
      'V2,WEIGHT,Weight,decimal,kg,,',
      '',
    ]);
  });
});
