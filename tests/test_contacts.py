"""Contacts: kinds are published, values are masked, identity compares keyed digests."""

from __future__ import annotations

import csv
import io
import re

import pytest
from conftest import ending, extracted
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.contacts.digests import keys
from kg.contacts.forms import CONTACT, spans
from kg.contacts.masking import Channel, Mask, holds_contact, kinds, masked, phones
from kg.contacts.street_forms import STREET, street_spans
from kg.statements import crossed


@pytest.mark.parametrize(
    "text",
    [
        "+86 571 0000 0001",
        "+86 57100000001",
        "(+86)571-00000001",
        "0086-571-0000 0001",
        "138 0000 0000",
        "13800000000",
        "+8613800000000",
        "0571-00000001",
        "(010) 0000 0001",
        "400-000-0001",
        "1-800-555-0100",
        "(301) 555-0100",
        "+49 30 0000 0001",
        "someone@example.cn",
        "some.one+x@mail.example.org",
        "someone＠example.cn",
    ],
)
def test_contacts_of_many_shapes_are_masked(text):
    assert masked(f"联系 {text}。") == "联系 [contact removed]。"
    assert masked(f"call {text}, please") == "call [contact removed], please"


@pytest.mark.parametrize(
    "text", ["电话:00000001", "Tel. 0000 0001", "QQ 000000001", "手机号 00000001"]
)
def test_a_run_of_digits_that_a_word_announces_is_masked(text):
    assert "0000" not in masked(text)


@pytest.mark.parametrize(
    "text",
    [
        "2025-07-22",
        "2025-07-22 00:00:00",
        "2026-06-25 09:40:03",
        "From 2025-06-01 To 2030-06-01",
        "ChiCTR2699990001",
        "ChiCTR-TRC-10000000",
        "NCT09999999",
        "2022-500244-37-00",
        "伦审2025研第120号-会",
        "202301-105-02；202301-105-01",
        "81370001; Z2009-1-10000",
        "CD4+ 200/mm3 and 18-75 years",
        "10^9/L, 0.5-1.5 mg/kg, 30 mL/min/1.73 m2",
        "doi 10.1186/s13063-019-3408-2",
        "ISBN 978-3-16-148410-0",
        "PLoS ONE 2014;9:e84727",
        "https://www.example.org/a?id=20260001",
    ],
)
def test_dates_numbers_and_doses_stay(text):
    assert masked(text) == text


@pytest.mark.parametrize(
    "text",
    ["1-800-0000ABC", "1-877-INVENTED", "1 (800) 00-ABCDE", "800-4-INVENT", "1-888-ABC-0000"],
)
def test_a_number_spelt_with_letters_is_masked(text):
    assert masked(f"Call {text} or write") == "Call [contact removed] or write"


@pytest.mark.parametrize(
    "text",
    [
        "a dose of 800 MG daily",
        "800-mg",
        "Protocol 800-ABC",
        "wing 1-877-C",
        "SAR 866 TABLETs",
        "800 PATIENTS",
        "A 800-PATIENT STUDY",
    ],
)
def test_doses_and_codes_that_begin_like_service_numbers_stay(text):
    assert masked(text) == text


def test_a_record_s_own_channels_are_masked_however_they_are_written():
    mask = Mask(
        [
            Channel("phone", "+86 00000001"),
            Channel("address", "示例省示例市示例路1号"),
            Channel("web", "www.example.cn/me"),
        ]
    )
    text = "见 示例省 示例市示例路1号，0000-0001，www.example.cn/me"
    assert mask["示例省示例市示例路1号"] == "[contact removed]"
    assert "0000" not in mask[text]
    assert "example" not in mask[text]


HOSPITAL = "Invented Anam Hospital"


@pytest.mark.parametrize(
    ("address", "name"),
    [
        (HOSPITAL, HOSPITAL),
        ("invented  anam hospital", HOSPITAL),
        ("Invented Anam", HOSPITAL),
        (HOSPITAL, f"{HOSPITAL}, Exampleton"),
        ("Invented Street Hospital", "Invented Street Hospital"),
        ("The 960th Invented Hospital", "The 960th Invented Hospital"),
        ("Invented City Hospital No. 5", "Invented City Hospital No. 5"),
        ("示例大学附属第一医院", "示例大学附属第一医院"),
        ("示例市南京路社区医院", "示例市南京路社区医院"),
        ("示例省示例市", "示例省示例市人民医院"),
    ],
)
@pytest.mark.parametrize("sort", ["address", "web"])
def test_a_public_name_that_stands_where_an_address_is_asked_for_stays(sort, address, name):
    assert Mask([Channel(sort, address)])[name] != name
    assert Mask([Channel(sort, address)], ["Other", name])[name] == name


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("12 Example Road", f"{HOSPITAL}, 12 Example Road"),
        ("12 Example Road", "12 Example Road"),
        ("Example Road", f"{HOSPITAL}, Example Road"),
        ("Calle Ejemplo 7", "Calle Ejemplo 7"),
        ("Beispielstraße 7", "Klinikum Beispiel, Beispielstraße 7"),
        ("P.O. Box 0000", f"{HOSPITAL} P.O. Box 0000"),
        ("Exampleton 000000", f"{HOSPITAL}, Exampleton 000000"),
        (f"{HOSPITAL}, 12 Example Road", f"{HOSPITAL}, 12 Example Road"),
        ("示例路1号", "示例医院示例路1号"),
        ("示例区示例北路", "示例区示例北路示例医院"),
        ("示例市示例区示例路", "示例市示例区示例路"),
        ("示例路四十九号", "示例路四十九号示例医院"),
        ("示例大厦十二层", "示例公司(示例大厦十二层)"),
        ("www.example.cn", "示例医院 www.example.cn"),
    ],
)
def test_a_street_is_masked_also_inside_a_public_name(address, name):
    sort = "web" if address.startswith("www") else "address"
    found = Mask([Channel(sort, address)], [name])[name]
    assert address not in found
    assert "Road" not in found
    assert "[contact removed]" in found


def test_of_an_address_that_begins_with_a_public_name_the_street_is_removed():
    address = f"{HOSPITAL}, 12 Example Road, Exampleton"
    mask = Mask([Channel("address", address)], [HOSPITAL])
    assert mask[HOSPITAL] == HOSPITAL
    assert mask[address] == f"{HOSPITAL}, [contact removed]"
    assert mask["12 Example Road,Exampleton"] == "[contact removed]"


def portal_row(**columns):
    wanted = {"TrialID": "KCT0269999", "Public_title": "T", "Source_Register": "CRIS", **columns}
    text = io.StringIO()
    csv.writer(text).writerows([wanted, wanted.values()])
    (found,) = extracted(text.getvalue(), "x.csv")
    return found.record


def test_a_sponsor_printed_as_its_contact_s_address_keeps_its_name():
    row = portal_row(
        Primary_sponsor=HOSPITAL,
        Source_Support=HOSPITAL,
        Contact_Firstname="Jia Wang",
        Contact_Address=HOSPITAL,
        Contact_Affiliation=HOSPITAL,
    )
    text = "".join(crossed(row).quads)
    assert f'"{HOSPITAL}"' in text
    assert "[contact removed]" not in text
    street = portal_row(
        Primary_sponsor=HOSPITAL,
        Contact_Firstname="Jia Wang",
        Contact_Address=f"{HOSPITAL}, 12 Example Road",
        Contact_Affiliation=f"{HOSPITAL}, 12 Example Road",
    )
    text = "".join(crossed(street).quads)
    assert f'"{HOSPITAL}"' in text
    assert "Road" not in text


@pytest.mark.parametrize(
    ("sort", "value", "kind"),
    [
        ("phone", "+86 138 0000 0000", "phone-mobile"),
        ("phone", "13800000000", "phone-mobile"),
        ("phone", "138 0000 0000", "phone-mobile"),
        # the EU register's +1 888 200 0000, as the portal copies it: no Chinese mobile
        ("phone", "1888200 0000", "phone-landline"),
        ("phone", "+ 001888 200 0000", "phone-landline"),
        ("phone", "+86 571 0000 0001", "phone-landline"),
        ("phone", "+86 00000001", "phone-landline"),
        ("e-mail", "x@qq.com", "e-mail-webmail"),
        ("e-mail", "x@hospital.example.cn", "e-mail-institutional"),
        ("fax", "+86 571 0000 0001", "fax"),
        ("address", "示例路1号", "postal-address"),
        ("web", "www.example.cn", "web-page"),
    ],
)
def test_the_kind_of_a_channel_is_read(sort, value, kind):
    assert kinds([Channel(sort, value)]) == (kind,)


def test_a_field_may_hold_several_numbers():
    assert phones("0571-00000001/138 0000 0000") == ["057100000001", "13800000000"]


def test_one_number_in_two_groupings_has_one_key():
    secret = b"x"
    one = keys([Channel("phone", "+86 571 0000 0001")], secret)
    assert one == keys([Channel("phone", "0571-00000001")], secret)
    assert one != keys([Channel("phone", "+86 571 0000 0001")], b"y")
    assert all("0000" not in key for _, key in one)


@given(st.text(max_size=60))
def test_masked_text_holds_no_contact(text):
    assert not CONTACT.search(masked(text))


NUMBERS = [
    "+86",
    "0571",
    "00000001",
    "138",
    "0000",
    "8(00)",
    "800-",
    "１３８",
    "２０２６",
    "2026-01-31",
]
SIGNS = [*"-()/.–、 \n\u3000@＠xaA转", "a@b.cn", "b.cn", "Tel", "电话", "NCT", "[contact removed]"]
PIECES = st.lists(st.sampled_from(NUMBERS) | st.sampled_from(SIGNS), max_size=14).map("".join)


def printed_plainly(text):
    plain = {"–": "-", "\u3000": " "}
    return "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else plain.get(c, c) for c in text)


@given(PIECES)
@example("800-138２０２６057100000001")  # the second number hides the first
@example("１３８+8600000001")
def test_the_quick_look_lets_through_only_what_holds_no_contact(text):
    """Most texts are never given to the pattern itself: none of them may match it."""
    is_free = not any(map(CONTACT.search, (printed_plainly(text), text)))
    assert (masked(text) == text) == is_free
    assert holds_contact(text) == (CONTACT.search(text) is not None)
    assert not any(map(CONTACT.search, (printed_plainly(masked(text)), masked(text))))


WORDS = st.lists(
    st.sampled_from(
        [
            "a (at) b", " dot org", " at b.example", "[dot]",
            "z" * 64 + " at " + "y" * 63 + " dot org",
            "微信号：a_12345", "%40b.cn", "(02) 9000 0000", "contact number ", "01865 000000",
            "+86 571 0000 0001", "0571-00000001-8001", "00000001/00000002、00000003",
            "1-877-INVENTED", "a.b@example.org", "a @ b.cn", "x" * 70 + "@" + "y" * 300 + ".cn",
            "(010) 00000001 转 8001", "800-4-INVENT", "电话号码：", "Tel. No. ", "12345 6",
            "2011 (2012)",
            "dose 10 to 20 mg ", "，", "word " * 20, "w" * 63, " ", "\n",
        ]
    )
    | PIECES,
    max_size=8,
).map("".join)  # fmt: skip


@settings(max_examples=300)
@given(WORDS)
@example("+86+86b.cn0571-00000001-8001a.b@example.org")  # an address that begins as a number
def test_a_contact_is_found_wherever_the_pattern_finds_one(text):
    assert list(spans(text)) == [found.span() for found in CONTACT.finditer(text)]


@given(PIECES, st.text(max_size=5))
def test_a_short_text_is_masked_like_a_long_one(text, more):
    """Short ones are remembered from record to record."""
    longer = f"{text} " + "\n" * 80
    assert masked(longer).rstrip() == masked(f"{text} ").rstrip()
    assert masked(text) == masked(text)
    mask = Mask([Channel("phone", "0571-00000001")])
    assert mask[text] == mask[text] == Mask([Channel("phone", "0571-00000001")])[text]


@pytest.mark.parametrize("mailbox", ["irb", "ethics", "gcp2024", "keyan", "info"])
def test_an_office_s_mailbox_identifies_nobody(mailbox):
    assert not keys([Channel("e-mail", f"{mailbox}@example.cn")], b"x")
    assert keys([Channel("e-mail", f"wang{mailbox}@example.cn")], b"x")


@pytest.mark.parametrize(
    "text",
    [
        "+86/571/00000001",
        "++86 571 00000001",
        "+８６ ５７１ ００００ ０００１",
        "+86(0)571 0000 0001",
        "+49(0)30/0000-0001",
        "+44/20/00000000",
        "0049 30 0000001",
        "00 86 571 0000 0001",
        "001-301-555-0100",
        "011 86 571 0000 0001",
        "０５７１－００００００００",
        "１３８００００００００",
        "0571/00000001",
        "0571.00000001",
        "0571–00000001",
        "0571—0000 0001",
        "0571-00000001-8001",
        "0571-00000001转8001",
        "0571-00000001 ext. 12",
        "0571-00000001x12",
        "（0571）00000001",
        "[0571] 00000001",
        "（０５７１）００００００００",
        "0571-00000001/00000002",
        "0571-00000001、00000002",
        "138.0000.0000",
        "138/0000/0000",
        "138－0000－0000",
        "138 000 00000",
        "13800 000000",
        "(86)13800000000",
        "86-571-00000001",
        "86 571 0000 0001",
        "8610-00000001",
        "（86）0571-00000001",
        "301/555-0100",
        "8 (495) 000-00-00",
        "02-0000-0000",
        "06-0000-0000",
        "01 00 00 00 00",
        "01.00.00.00.00",
        "400-0000-000",
        "(11) 90000-0000",
    ],
)
def test_a_number_is_masked_whole_however_it_is_divided(text):
    assert masked(f"联系 {text}。") == "联系 [contact removed]。"
    assert masked(f"call {text}, please") == "call [contact removed], please"


@pytest.mark.parametrize(
    "text",
    ["TEL: 00000001", "座机00000001", "固话：00000001", "Phone (00) 0000-0001", "热线0000001"],
)
def test_more_words_announce_a_number(text):
    assert "000" not in masked(text)


@pytest.mark.parametrize(
    "text",
    [
        "２０２５－０７－２２",
        "2025/07/22 至 2026/07/22",
        "2025.07.22-2026.07.22",
        "22.07.2025, 22/07/2025",
        "01.02.2025 - 03.04.2025",
        "01-02-2025 00:00",
        "ChiCTR－ＴＲＣ－１０００００００",
        "EUCTR2019-000001-00-DE",
        "U1111-2699-9906",
        "jRCT1031260000, UMIN000000001, KCT0000001, CTRI/2026/07/269999",
        "批件号 2025-012-0123-01",
        "伦审〔2025〕研第0123号",
        "KY2025-0123/0124",
        "[2025]伦审字(0123)号",
        "055/2021/1234",
        "02-2021-0001",
        "国药准字H20000001",
        "CXHL2000001",
        "年龄18-75岁，样本量 120/120/120",
        "n = 1 000 000 of 10 000 000",
        "120/80-140/90 mmHg",
        "100/200/300/400 mg",
        "86 patients, 571 samples, 12 sites",
        "CD4+ 200/300/400/500 cells",
        "≥10×10^9/L; 1.5～2.5; 0.05-0.10",
        "4000000000 CFU",
        "2014;25(11):1234-1245",
        "Lancet 2014;383(9000):1234–1245",
        "weeks 0, 4, 8, 12, 16, 20, 24, 28",
        "weeks 04 08 12",
        "第1、2、3、4、5、6、7周",
        "ICD-10 Z00.00000",
        "orcid:0000-0001-0000-0009, 0009-0000-0000-0001",
    ],
)
def test_numbers_of_trials_days_ages_counts_and_approvals_stay(text):
    assert masked(text) == text


def test_a_record_s_own_channels_are_masked_in_full_width_too():
    mask = Mask([Channel("phone", "+86 00000001"), Channel("address", "示例路１号楼")])
    assert mask["００００－０００１"] == "[contact removed]"
    assert mask["在示例路1号楼"] == "在[contact removed]"


@pytest.mark.parametrize(
    "text",
    [
        "name(at)host.example",
        "name (at) host dot example",
        "name [AT] host [DOT] example",
        "first.last@mail.host.example",
        "name at mail.host dot org",
        "müller@host.example",
        "josé.garcía@host.example",
        "name@münster.example",
        "name@host. com",
        "name@host,com",
        "name@host . org",
        "name@qq",
        "name&#64;host.example",
        "name%40host.example",
        "(301)555-0100",
        "301-555-0100 ext5",
        "+44 20 7000 0000 extn. 123",
        "+86 0571 00000001 8001",
        "+49(0)89/4400-0",
        "0049-89-4400-0",
        "(02) 9000 0000",
        "(02)0000-0001轉1234",
        "(01865) 000000",
        "(0)20 7000 0000",
        "020 7000 0000",
        "01865 000000",
        "01865 000 000",
        "07700 900000",
        "0 212 000 00 00",
        "0 (212) 000 00 00",
        "044 000 00 01",
        "0120-000-000",
        "1800 000 000",
        "(11) 3000-0000",
        "(852) 2100 0001",
        "8 495 000 00 00",
        "8-495-000-00-00",
        "8(495)0000000",
    ],
)
def test_contacts_as_people_of_many_countries_write_them_are_masked(text):
    assert masked(f"联系 {text}。") == "联系 [contact removed]。"
    assert masked(f"see {text}, please") == "see [contact removed], please"


@pytest.mark.parametrize(
    "text",
    [
        "Tel.: 0 30 / 45 00 00 01",
        "Tel+49 30 4500 0000",
        "Teléfono: 91 000 00 01",
        "Telefono: 06 0000 0001",
        "Tél. 0 00 00 00 01",
        "Ph: 9000 0001",
        "Mob: 9000000001",
        "mobile no 9000000001",
        "pager: 555 0100",
        "電話 0301-00-0001",
        "전화번호: 555-0100",
        "тел. 000-00-01",
        "contact number: 9000000001",
        "Contact: 9000000001",
        "call 555-0100",
        "call us at 5550100",
        "QQ群 00000001",
        "qq 00000001",
        "微信号：invented_01",
        "WeChat ID: invented01",
    ],
)
def test_words_of_many_languages_announce_a_number(text):
    found = masked(f"{text}, please")
    assert found.endswith("[contact removed], please")
    assert not re.search(r"\d", found)


@pytest.mark.parametrize(
    "text",
    [
        "arms of 050 100 200 mg; visits 0 100 200 300; weeks 04 08 12 16",
        "look at the dot plot, seen at site dot blot analysis, (at) rest, [at] baseline",
        "FIT@work, MOM@HOME, 2x@10 Hz, T1@3T",
        "2010; (12) 1234-1240, 28 (15) 2345-2351, 361(11):1045-57",
        "doi 10.1016/S1470-2045(16)30625-8",
        "CAAE 12345678.9.0000.5505, 0136.258.000-07",
        "grant HL000000-01A1; 5U01AI000000-15; No. 2018YFC0000000",
        "contact 24 hours, call 3 times in 2019-2020, contact: 2019-05-06",
        "telephone 2019-01-01, mobile 24 hours, T cell 10 000 000, hotel 0000001",
        "微信公众号 sport-2020, WeChat mini-program 2020",
        "39.9042, 116.4074, 10 000 000 copies, 1.234.567,00",
        "54767414AMY3001, 1160.186, 0822-045, MK-3475-811, 20-0000-1234",
    ],
)
def test_what_only_resembles_a_contact_stays(text):
    assert masked(text) == text


@pytest.mark.parametrize("piece", ["a", "1", "-", "中", "12 Example Road, "])
def test_endless_channels_are_masked_in_time_that_grows_with_their_length(piece):
    """An address of 30,000 letters, looked for at each place of a text, took many seconds."""
    long = (piece * 100_000)[:100_000]
    with ending():
        mask = Mask(
            [Channel(sort, f"{long} {end}") for sort in ("address", "web", "phone") for end in "x1"]
        )
        assert len(mask[f"{long} x"]) < len(long)
        assert mask[f"{long}{long} w"].endswith("w")


STREETS = """
12 Example Road|12-14 North Example St.|221B Example Street|9 Invented-Wood Avenue|Beispielstraße 7a
Beispiel-Str. 7|Voorbeeldlaan 12|12 rue de l'Exemple|5 bis, avenue Exemple|Calle Ejemplo 7
Calle de la Muestra, 12|Av. Exemplo 5|Rua Exemplo 12|Via Esempio, 7|P.O. Box 12|Postfach 12
示例市示例路1号|示例路1号2号楼|示例大道100号|1丁目2番3号|3-2-1 Rei-cho|12, Yesi-ro|예시구 예시로 12
"""


@pytest.mark.parametrize("street", STREETS.strip().replace("\n", "|").split("|"))
def test_a_street_with_its_number_is_masked_in_any_text(street):
    assert masked(f"Bring it to {street}, please") == "Bring it to [contact removed], please"
    assert masked(f"see ({street})") == "see ([contact removed])"
    named = f"Invented Hospital, {street}"
    assert Mask()[named] == "Invented Hospital, [contact removed]"
    assert (
        Mask([Channel("address", f"Room 5, {street}, Exampleton")])[
            f"in Room 5, {street}, Exampleton now"
        ]
        == "in [contact removed] now"
    )


@pytest.mark.parametrize(
    "text",
    [
        "A 12 Week Open Road Study, 24 Hour Fast Drive, the 5 Minute Brain Lane test",
        "Invented Street Hospital, 16 Invented Street Hospital, 301 Hospital",
        "示例市南京路1号院区, 示例市南京路社区医院, 第1号, 伦审2025研第120号",
        "Via Aqueous Gel, 0.5%; via Oral Route 10 mg; Rua 10 mg",
        "Tel-Aviv 12, COVID-19 Road Map, Phase 2 Silk Road Trial, 3 step care road",
        "약으로 10 mg, 하루 2회 경로 3",
    ],
)
def test_what_only_resembles_a_street_stays(text):
    assert masked(text) == text


STREET_PIECES = st.lists(
    st.sampled_from(
        [
            *STREETS.strip().replace("\n", "|").split("|"),
            "P.O. Box 12", "POBox 12", "PO box 1", "Caixa Postal 7", "Apartado de Correos 12",
            "Voorbeeldstraat 3", "Exempelvägen 7", "quai de l'Exemple", "12 ", "7", ", ", " ",
            "St. ", "Study ", "Road", "true ", "Exampleton ", "示例", "路", "길 7",
        ]
    ),
    max_size=6,
).map("".join)  # fmt: skip


@settings(max_examples=300)
@given(STREET_PIECES)
def test_a_street_is_found_wherever_the_pattern_finds_one(text):
    assert list(street_spans(text)) == [found.span() for found in STREET.finditer(text)]
