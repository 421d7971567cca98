<?xml version="1.0" encoding="UTF-8"?>
<!-- A leverance as rows, one unit a line, tabs between the columns of national-tables.sql; the first is never empty,
     which would end sqlite3's import. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:l="urn:dagtilbud-sync:leverance:1">
  <xsl:output method="text" encoding="UTF-8"/>
  <xsl:variable name="leverandoer" select="/l:leverance/l:hoved/l:leverandoer"/>
  <xsl:variable name="adm" select="/l:leverance/l:hoved/l:kommuneKode"/>

  <xsl:template match="/">
    <xsl:apply-templates select="/l:leverance/*/l:daginstitution | /l:leverance/*/l:anvisningsenhed | /l:leverance/*/l:alternativAdresse"/>
  </xsl:template>

  <xsl:template match="l:daginstitution">
    <xsl:call-template name="row">
      <xsl:with-param name="enhedsart" select="'Daginstitution'"/>
      <xsl:with-param name="nummer" select="l:daginstitutionsNummer"/>
      <xsl:with-param name="navn" select="l:daginstitutionsNavn"/>
    </xsl:call-template>
  </xsl:template>
  <xsl:template match="l:anvisningsenhed">
    <xsl:call-template name="row">
      <xsl:with-param name="enhedsart" select="'Anvisningsenhed'"/>
      <xsl:with-param name="nummer" select="l:EnhedsNummer"/>
      <xsl:with-param name="over" select="l:daginstitutionsNummer"/>
      <xsl:with-param name="overLokalId" select="l:daginstitutionsLokalId"/>
      <xsl:with-param name="navn" select="l:EnhedsNavn"/>
    </xsl:call-template>
  </xsl:template>
  <xsl:template match="l:alternativAdresse">
    <xsl:call-template name="row">
      <xsl:with-param name="enhedsart" select="'AlternativAdresse'"/>
      <xsl:with-param name="nummer" select="l:alternativAdresseNummer"/>
      <xsl:with-param name="over" select="l:anvisningsenhedsNummer"/>
      <xsl:with-param name="overLokalId" select="l:anvisningsenhedsLokalId"/>
      <xsl:with-param name="navn" select="l:navn"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template name="row">
    <xsl:param name="enhedsart"/>
    <xsl:param name="nummer"/>
    <xsl:param name="over"/>
    <xsl:param name="overLokalId"/>
    <xsl:param name="navn"/>
    <xsl:value-of select="concat($leverandoer, '&#9;', $nummer, '&#9;', l:lokalId, '&#9;', $enhedsart, '&#9;', $over, '&#9;', $overLokalId, '&#9;')"/>
    <xsl:value-of select="concat($navn, '&#9;', $adm, '&#9;', l:ejerformKode, '&#9;', l:lovgrundlagKode, '&#9;', l:InstType3, '&#9;')"/>
    <xsl:value-of select="concat(l:Adresse/l:vejNavn, '&#9;', l:Adresse/l:husNummer, '&#9;', l:Adresse/l:etage, '&#9;', l:Adresse/l:doer, '&#9;')"/>
    <xsl:value-of select="concat(l:Adresse/l:postNummer, '&#9;', l:Adresse/l:byNavn, '&#9;', l:Adresse/l:supplerendeBynavn, '&#9;', l:Adresse/l:kommuneKode, '&#9;')"/>
    <xsl:value-of select="concat(l:Adresse/l:geoBredde, '&#9;', l:Adresse/l:geoLaengde, '&#9;', l:Adresse/l:dawaId, '&#9;')"/>
    <xsl:value-of select="concat(l:Email, '&#9;', l:TelefonNummer, '&#9;', l:CVRNummer, '&#9;', l:PNummer, '&#10;')"/>
  </xsl:template>
</xsl:stylesheet>
