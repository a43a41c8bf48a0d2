/** A study from elsewhere, as ODM 1.3.2: with what a definition has no place for. */
export const foreignStudy = `<?xml version="1.0" encoding="UTF-8"?>
<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" ODMVersion="1.3.2" FileType="Snapshot" FileOID="F.1" CreationDateTime="2026-01-31T12:00:00Z">
  <Study OID="WELL">
    <GlobalVariables>
      <StudyName>Well-being</StudyName>
      <StudyDescription>How people are.</StudyDescription>
      <ProtocolName>WELL-1</ProtocolName>
    </GlobalVariables>
    <BasicDefinitions>
      <MeasurementUnit OID="MU.1" Name="kilogram">
        <Symbol><TranslatedText xml:lang="en">kg</TranslatedText></Symbol>
      </MeasurementUnit>
    </BasicDefinitions>
    <MetaDataVersion OID="v1" Name="First version">
      <Protocol><StudyEventRef StudyEventOID="SE/1" Mandatory="Yes"/></Protocol>
      <StudyEventDef OID="SE/1" Name="Baseline" Repeating="No" Type="Scheduled">
        <FormRef FormOID="F.1" Mandatory="Yes"/>
      </StudyEventDef>
      <FormDef OID="F.1" Name="Basics" Repeating="No">
        <ItemGroupRef ItemGroupOID="IG.1" Mandatory="Yes"/>
        <ItemGroupRef ItemGroupOID="IG.2" Mandatory="No"/>
      </FormDef>
      <ItemGroupDef OID="IG.1" Name="Body" Repeating="No">
        <ItemRef ItemOID="WEIGHT" Mandatory="Yes"/>
        <ItemRef ItemOID="PREG" Mandatory="Yes" CollectionExceptionConditionOID="C.1"/>
        <ItemRef ItemOID="WHEN" Mandatory="No"/>
      </ItemGroupDef>
      <ItemGroupDef OID="IG.2" Name="Drugs" Repeating="Yes">
        <ItemRef ItemOID="DRUG" Mandatory="Yes"/>
        <ItemRef ItemOID="WHEN" Mandatory="No"/>
      </ItemGroupDef>
      <ItemDef OID="WEIGHT" Name="Weight" DataType="float" Origin="scales">
        <Question>
          <TranslatedText xml:lang="de">Wie viel wiegen Sie?</TranslatedText>
          <TranslatedText xml:lang="en">What is your weight?</TranslatedText>
        </Question>
        <MeasurementUnitRef MeasurementUnitOID="MU.1"/>
        <RangeCheck Comparator="GE" SoftHard="Hard"><CheckValue>30</CheckValue></RangeCheck>
      </ItemDef>
      <ItemDef OID="PREG" Name="Pregnant" DataType="boolean"/>
      <ItemDef OID="WHEN" Name="When" DataType="partialDate"/>
      <ItemDef OID="DRUG" Name="Drug" DataType="text"><CodeListRef CodeListOID="CL.1"/></ItemDef>
      <CodeList OID="CL.1" Name="Drugs" DataType="text">
        <CodeListItem CodedValue="A"><Decode><TranslatedText>Aspirin</TranslatedText></Decode></CodeListItem>
        <CodeListItem CodedValue="B"><Decode><TranslatedText>Another</TranslatedText></Decode></CodeListItem>
      </CodeList>
      <ConditionDef OID="C.1" Name="Is male">
        <Description><TranslatedText>Men are not asked</TranslatedText></Description>
        <FormalExpression Context="XPath">false()</FormalExpression>
      </ConditionDef>
    </MetaDataVersion>
  </Study>
</ODM>
`;

/** Two of its subjects, of whom one has a weight that is refused. */
export const foreignData = `<?xml version="1.0" encoding="UTF-8"?>
<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" ODMVersion="1.3.2" FileType="Snapshot" FileOID="D.1" CreationDateTime="2026-02-01T12:00:00Z">
  <ClinicalData StudyOID="WELL" MetaDataVersionOID="v1">
    <SubjectData SubjectKey="one">
      <StudyEventData StudyEventOID="SE/1">
        <FormData FormOID="F.1">
          <ItemGroupData ItemGroupOID="IG.1">
            <ItemData ItemOID="WEIGHT" Value="71.5"/>
            <ItemData ItemOID="PREG" Value="1"/>
            <ItemData ItemOID="WHEN" IsNull="Yes"/>
          </ItemGroupData>
          <ItemGroupData ItemGroupOID="IG.2" ItemGroupRepeatKey="1">
            <ItemData ItemOID="DRUG" Value="A"/>
            <ItemData ItemOID="WHEN" Value="2025-11"/>
          </ItemGroupData>
        </FormData>
      </StudyEventData>
    </SubjectData>
    <SubjectData SubjectKey="two">
      <StudyEventData StudyEventOID="SE/1">
        <FormData FormOID="F.1">
          <ItemGroupData ItemGroupOID="IG.1"><ItemData ItemOID="WEIGHT" Value="7.15"/></ItemGroupData>
        </FormData>
      </StudyEventData>
    </SubjectData>
  </ClinicalData>
</ODM>
`;
