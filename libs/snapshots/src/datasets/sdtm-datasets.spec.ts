import { describe, expect, it } from 'vitest';
import type { Definition } from '#study';
import { xpt } from '#tabular';
import { type Audience, seenBy } from '../dataset.js';
import { recordsOf, SubjectEvents, sinet, studyOf } from '../dataset.spec-kit.js';
import { sdtmDatasets } from './sdtm-datasets.js';

const domain = (code: string, ...definitions: Definition[]) =>
  sdtmDatasets(studyOf(sinet, ...definitions)).find(({ name }) => name === `SDTM_${code}`)!;
const told = (code: string, events: SubjectEvents, audience: Audience = 'unblinded') =>
  recordsOf(domain(code), events, audience);

describe('an SDTM domain', () => {
  it('of one record a subject takes it from all forms', () => {
    const events = new SubjectEvents()
      .enter('V_SCR', 'DM', {
        'I.DM.BIRTHDT': { value: { sealed: '…' } },
        'I.DM.SEX': 'F',
        'I.DM.COUNTRY': 'FR',
        'I.DM.AGE': 63,
      })
      .enter('V_INC', 'EN', { 'I.EN.ENDAT': '2020-01-10' })
      .allocate('B')
      .add('ArmCrossedOver', { from: 'B', to: 'A', date: '2020-05-01', reason: { code: 'x', text: 'x' } })
      .enter('V_EOS', 'DD', { 'I.DD.DTHDAT': '2021-05' });
    expect(told('DM', events)).toEqual([
      {
        key: 'FR01-0001',
        STUDYID: 'SINET',
        DOMAIN: 'DM',
        USUBJID: 'SINET-FR01-0001',
        SUBJID: 'FR01-0001',
        RFSTDTC: '2020-01-10',
        RFENDTC: null,
        RFICDTC: null,
        DTHDTC: '2021-05',
        DTHFL: 'Y',
        SITEID: 'FR01',
        AGE: 63,
        AGEU: 'YEARS',
        SEX: 'F',
        ARMCD: 'B',
        ARM: 'No initial resection',
        ACTARMCD: 'A',
        ACTARM: 'Resection of the primary as initial strategy',
        COUNTRY: 'FR',
      },
    ]);
    expect(Object.keys(told('DM', events, 'blinded')[0]!).filter((name) => /ARM/.test(name))).toEqual([]);
  });

  it('of findings has a record a test that has a value', () => {
    const events = new SubjectEvents()
      .enter('V_UNS~2', 'LB', { 'I.LB.HB': 13.5, 'I.LB.CGA': 50, 'I.LB.NSE': { missing: 'not-done' } })
      .enter('V_UNS~2', 'LB', { 'I.LB.CGAU': 'ng/mL', 'I.LB.LBDAT': '2020-02-01', 'I.LB.CGAULN': 100 });
    const rows = told('LB', events);
    expect(rows).toHaveLength(2);
    expect(rows[1]).toEqual({
      key: 'FR01-0001/V_UNS~2/LB/I.LB.HB',
      STUDYID: 'SINET',
      DOMAIN: 'LB',
      USUBJID: 'SINET-FR01-0001',
      LBSEQ: 1,
      LBTESTCD: 'HGB',
      LBTEST: 'Hemoglobin',
      LBORRES: '13.5',
      LBORRESU: 'g/dL',
      LBORNRHI: null,
      LBSTRESC: '13.5',
      LBSTRESN: 13.5,
      LBSTRESU: 'g/dL',
      LBNAM: null,
      LBSPEC: 'BLOOD',
      VISIT: 'Unscheduled (2)',
      LBDTC: '2020-02-01',
    });
    expect(rows[0]).toMatchObject({ LBTESTCD: 'CGA', LBORRESU: 'ng/mL', LBORNRHI: '100' });
  });

  it('gives a unit in the terms of the version that the value was entered with', () => {
    const metric = structuredClone(sinet);
    const items = metric.forms.find(({ oid }) => oid === 'LB')!.groups[0]!.items;
    items.find(({ oid }) => oid === 'I.LB.HB')!.unit = 'g/L';
    const events = new SubjectEvents()
      .enter('V_SCR', 'LB', { 'I.LB.HB': 13.5 })
      .add('DefinitionAdopted', { definition: 2 })
      .enter('V_M06', 'LB', { 'I.LB.HB': 135 });
    const units = recordsOf(domain('LB', metric), events).map((row) => [row.LBORRES, row.LBORRESU]);
    expect(units).toEqual([
      ['135', 'g/L'],
      ['13.5', 'g/dL'],
    ]);
  });

  it('numbers its records for good', () => {
    const events = new SubjectEvents()
      .enter('COMMON', 'TX', { 'I.TX.TXCAT': 'SSA' })
      .enter('COMMON', 'TX~2', { 'I.TX.TXCAT': 'TACE' })
      .enter('COMMON', 'TX~3', { 'I.TX.TXCAT': 'CHEMO', 'I.TX.TXDRUG': 'Temozolomide' });
    const medications = () => told('CM', events).map((row) => [row.CMSEQ, row.CMTRT]);
    expect(medications()).toEqual([
      [1, 'Somatostatin analogue'],
      [3, 'Temozolomide'],
    ]);
    expect(told('PR', events)).toMatchObject([{ PRSEQ: 2, PRTRT: 'Transarterial chemoembolisation' }]);
    events.enter('COMMON', 'TX', { 'I.TX.TXCAT': null }).enter('COMMON', 'TX~2', { 'I.TX.TXCAT': 'SSA' });
    expect(medications()).toEqual([
      [2, 'Somatostatin analogue'],
      [3, 'Temozolomide'],
    ]);
  });

  it('maps codes, and finds one among several', () => {
    const events = new SubjectEvents()
      .enter('COMMON', 'AE', {
        'I.AE.AETERM': 'Ileus',
        'I.AE.AEOUT': 'SEQ',
        'I.AE.AESERCR': ['HOSP', 'LIFE'],
      })
      .enter('COMMON', 'AE~2', { 'I.AE.AETERM': 'Flush' });
    expect(told('AE', events)).toMatchObject([
      { AETERM: 'Ileus', AEOUT: 'RECOVERED/RESOLVED WITH SEQUELAE', AESHOSP: 'Y', AESDTH: 'N' },
      { AETERM: 'Flush', AEOUT: null, AESHOSP: null, AESDTH: null },
    ]);
  });

  it('places milestones, statuses and causes of death', () => {
    const events = new SubjectEvents()
      .enter('V_SCR', 'IC', { 'I.IC.ICDAT': '2020-01-01' })
      .enter('V_M06', 'FU', { 'I.FU.VSTAT': 'DEAD', 'I.FU.FUDAT': '2020-07-01' })
      .enter('V_EOS', 'ES', { 'I.ES.ESREAS': 'LOST', 'I.ES.ESDAT': '2021-01-01' })
      .enter('V_EOS', 'DD', { 'I.DD.DTHCAUSE_S': 'INFECTION', 'I.DD.DTHPLACE': 'HOME' });
    expect(told('DS', events).map((row) => [row.DSSEQ, row.DSDECOD, row.DSSTDTC])).toEqual([
      [2, 'LOST TO FOLLOW-UP', '2021-01-01'],
      [1, 'INFORMED CONSENT OBTAINED', '2020-01-01'],
    ]);
    expect(told('SS', events)).toMatchObject([{ SSTESTCD: 'SURVSTAT', SSSTRESC: 'DEAD', VISIT: 'Month 6' }]);
    const causes = (audience: Audience) => told('DD', events, audience).map((row) => row.DDTESTCD);
    expect(causes('unblinded')).toEqual(['PRCDTH', 'LOCDTH']);
    expect(causes('blinded')).toEqual(['LOCDTH']);
  });

  it('has nothing of surgery for the blinded, but what else it holds', () => {
    const events = new SubjectEvents()
      .enter('V_SURG', 'SU', { 'I.SU.SUPROC': ['SBRESECT', 'STOMA'], 'I.SU.SUDAT': '2020-02-01' })
      .enter('COMMON', 'TX', { 'I.TX.TXCAT': 'TACE', 'I.TX.TXSTDT': '2020-03' });
    const surgery = { PRTRT: 'Small-bowel resection|Stoma', PRSTDTC: '2020-02-01' };
    const embolisation = { PRTRT: 'Transarterial chemoembolisation', PRSTDTC: '2020-03' };
    expect(told('PR', events)).toMatchObject([embolisation, surgery]);
    expect(told('PR', events, 'blinded')).toMatchObject([embolisation]);
    expect(told('PR', events, 'blinded')).toHaveLength(1);
    expect(told('PR', events).map((row) => row.PRSEQ)).toEqual([1, 100_001]);
  });

  it('tells nothing of an item that identifies from now on', () => {
    const identifying = structuredClone(sinet);
    const items = identifying.forms.find(({ oid }) => oid === 'AE')!.groups[0]!.items;
    items.find(({ oid }) => oid === 'I.AE.AEACT')!.identifying = true;
    const events = new SubjectEvents().enter('COMMON', 'AE', {
      'I.AE.AETERM': 'Ileus',
      'I.AE.AEACT': 'See Dr Müller',
    });
    expect(recordsOf(domain('AE', identifying), events)).toMatchObject([{ AEACNOTH: null }]);
  });

  it('is an XPT of version 5', async () => {
    for (const dataset of sdtmDatasets(studyOf(sinet))) {
      const { table } = seenBy(dataset, 'unblinded')!;
      const chunks: Uint8Array[] = [];
      const origin = { records: 0, createdAt: '2020-01-01T00:00:00Z' };
      for await (const chunk of xpt(table, (async function* () {})(), origin)) chunks.push(chunk);
      expect(Buffer.concat(chunks).toString('latin1', 0, 80), table.name).toContain('LIBRARY HEADER');
      expect(Buffer.concat(chunks).toString('latin1', 0, 80), table.name).not.toContain('LIBV8');
    }
  });
});
