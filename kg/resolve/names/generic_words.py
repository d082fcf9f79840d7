"""Words of names of organizations that say what kind of thing it is, and no name.

A name of such words only ("Klinikum", "Hospital Universitario", "First People's Hospital") is borne
by very many: it needs its city. Words are folded as ``names.english_words`` folds them.
"""

from __future__ import annotations

from kg.resolve.names import places

_ENGLISH = (
    "hospital hospitals peoples people medical university universityof universities college school "
    "faculty "
    "medicine affiliated affiliate attached teaching clinical center centre central general "
    "childrens children child womens women woman maternal maternity obstetrics gynecology "
    "health healthcare care cancer tumor tumour oncology traditional chinese western tcm "
    "integrated integrative combined provincial province municipal municipality city county "
    "district regional region national state local department division section unit institute "
    "institution institutional research clinic clinics branch campus science sciences "
    "technology public infectious diseases disease mental psychiatric chest thoracic eye "
    "ophthalmology ophthalmic dental stomatology stomatological orthopedic orthopaedic "
    "orthopedics rehabilitation memorial community service services academy pharmaceutical "
    "pharmaceuticals pharma co ltd limited company corporation inc foundation group "
    "international number hospitalier hopital centro and first specialized specialist "
    "comprehensive system site trial investigational investigator private red cross railway "
    "workers worker staff military army armed police forces air force navy prevention control "
    "cdc veterans affairs va royal laboratory key a an academic ministry welfare practice "
    "surgery surgical consulting government govt infirmary associates"
)
ENGLISH = frozenset(_ENGLISH.split())

# The same elsewhere, by language; a word that is also a name (fe, mar, paz) stands in none.
_ELSEWHERE = """
    clinico clinica clinicas clinicos universitario universitaria universitarios universitarias
    universitari universidad universitat facultad medico medica medicos medicas medicina ciencias
    salud centros nacional provincial privado privada publico publica infantil pediatrico pediatria
    pediatrica materno maternidad oncologico oncologica oncologia instituto institucion
    investigacion investigaciones servicio servicios departamento unidad fundacion ministerio
    secretaria consejo especialidades especialidad comunitario militar policlinica policlinico
    consultorio sanatorio hospitales asistencial

    universidade universitarias faculdade faculdades saude pesquisa pesquisas fundacao ensino casa
    misericordia escola federal estadual estado programa coracao crianca maternidade ambulatorio
    secretaria conselho hospitalar complexo associacao irmandade assistencia hospitais

    ospedale ospedali ospedaliera ospedaliero ospedalieri ospedalierouniversitaria azienda
    universita degli studi istituto istituti nazionale civile civili riuniti maggiore fondazione
    presidio ricovero cura carattere scientifico irccs asl ausl usl aou tumori

    hopitaux hospitaliere hospitaliers hospitalieres universitaire universitaires clinique cliniques
    centres regionale chu chru chr faculte medecine universite universites sante publique enfants
    cancerologie polyclinique prive assistance intercommunal institut nationale

    klinikum klinik kliniken universitatsklinikum universitatsklinik universitatsklinken
    universitatskliniken universitatsspital universitatskinderspital universitatskinderklinik
    universitatsmedizin universitats universitat universitaetsklinikum universitaetsklinik
    universitaetsspital universitaetsmedizin universitaet uniklinik uniklinikum krankenhaus
    krankenhauser spital kantonsspital kinderspital kinderklinik kinderkrankenhaus frauenklinik
    medizinische medizinischen medizin hochschule fakultat abteilung zentrum praxis
    gemeinschaftspraxis facharztpraxis studienzentrum stadtisches stadtische staedtisches
    kreiskrankenhaus kreisklinik stadtkrankenhaus landeskrankenhaus landesklinikum
    bezirkskrankenhaus allgemeines kinder jugendmedizin jugendliche innere chirurgie onkologie
    hamatologie kinderheilkunde versorgungszentrum mvz poliklinik herzzentrum tumorzentrum gmbh ag

    ziekenhuis ziekenhuizen universitair medisch medische centrum academisch kliniek algemeen
    stichting umc

    szpital szpitala kliniczny klinicznego uniwersytecki uniwersytet medyczny specjalistyczny
    wojewodzki miejski samodzielny publiczny publicznego zaklad opieki zdrowotnej spzoz nr instytut
    onkologii poradnia przychodnia niepubliczny nzoz oddzial katedra klinika

    fakultni fakultna nemocnice nemocnica univerzitni univerzitna ustav ordinace krajska oblastni
    korhaz egyetem egyetemi orszagos intezet megyei varosi oktatokorhaz rendelointezet
    spitalul clinic judetean urgenta institutul hastanesi universitesi fakultesi egitim
    arastirma devlet bolnica bolnisnica klinicki klinicni univerzitetni opca kbc mbal umbal

    sjukhus sjukhuset universitetssjukhus universitetssjukhuset sygehus sygehuset
    universitetshospital hospitalet sykehus sykehuset universitetssykehus lasarett centralsjukhuset
    regionhospitalet sairaala yliopistollinen keskussairaala yliopisto

    больница поликлиника городская областная клиническая районная центральная институт центр
    университет медицинскии научныи государственныи
"""
ELSEWHERE = frozenset(_ELSEWHERE.split())

# Small words of those languages: of no weight in a name that holds one of the words above.
_PARTICLES = (
    "de da do dos das del della delle dei di du des d la le les las los el l et e y i "
    "und der die fur fuer von van het voor en"
)
PARTICLES = frozenset(_PARTICLES.split())

_SAINTS = "saint st ste sainte san santa santo sankt sao sant szent svaty sveti"
SAINTS = frozenset(_SAINTS.split())
ROYALS = frozenset({"queen", "king", "prince", "princess"})
# Beside the name of a saint or queen these tell one hospital from the others that are called so.
_TELLING = "childrens children child pediatric pediatrics research cancer oncology eye heart"
TELLING = frozenset(_TELLING.split())

# Proper words that organizations of several cities share, directions, saints, and Latin names
# that stand for two or more cities of China.
_COMMON = (
    "tongji union xiehe zhongshan renmin friendship renji renai boai dongfang oriental "
    "shuguang xinhua huashan sunshine hope peace victory guangming concord mercy saint st mary "
    "marys joseph josephs john johns luke lukes good samaritan north south east west northern "
    "southern eastern western northeast northwest southeast southwest new old main christian "
    "baptist methodist presbyterian sacred heart trinity holy memorial nord sud est ouest sur "
    "norte oeste marienhospital marienkrankenhaus josefskrankenhaus elisabethkrankenhaus "
    "diakonissenkrankenhaus diakonie johanniter malteser mount sinai providence adventist lutheran "
    "evangelisches evangelical catholic jewish bethesda bethany calvary grace lourdes nazareth "
    "alexandra victoria"
)
# What several towns of one country call a hospital after, none of them in China.
_NAMESAKES = (
    "civil base mission fever manor riverside lakeside valley queens kings naval italiano aleman "
    "espanol britanico militar elisabeth bethanien imam khomeini reza ali asghar razi sina "
    "shariati shahid beheshti taleghani motahari jinnah fortis apollo family specialty speciality"
)
NAMESAKES = frozenset(_NAMESAKES.split())
COMMON = places.HOMONYM_CITIES | frozenset(_COMMON.split()) | NAMESAKES
GENERIC = ENGLISH | ELSEWHERE
