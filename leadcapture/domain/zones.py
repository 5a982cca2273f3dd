"""Time zones: by the name that Windows gives them, which is Nexudus' name, and the country that each lies in.

Unicode's facts (CLDR), as Babel has them; a test holds them to that. Babel reads all facts of the world to tell one of
these, which takes 3 MB of each process.
"""

from collections.abc import Mapping
from functools import lru_cache

_OF_WINDOWS = """
Dateline Standard Time: Etc/GMT+12; UTC-11: Etc/GMT+11; Aleutian Standard Time: America/Adak; Hawaiian Standard Time:
Pacific/Honolulu; Marquesas Standard Time: Pacific/Marquesas; Alaskan Standard Time: America/Anchorage; UTC-09:
Etc/GMT+9; Pacific Standard Time (Mexico): America/Tijuana; UTC-08: Etc/GMT+8; Pacific Standard Time:
America/Los_Angeles; US Mountain Standard Time: America/Phoenix; Mountain Standard Time (Mexico): America/Mazatlan;
Mountain Standard Time: America/Denver; Yukon Standard Time: America/Whitehorse; Central America Standard Time:
America/Guatemala; Central Standard Time: America/Chicago; Easter Island Standard Time: Pacific/Easter; Central
Standard Time (Mexico): America/Mexico_City; Canada Central Standard Time: America/Regina; SA Pacific Standard Time:
America/Bogota; Eastern Standard Time (Mexico): America/Cancun; Eastern Standard Time: America/New_York; Haiti
Standard Time: America/Port-au-Prince; Cuba Standard Time: America/Havana; US Eastern Standard Time:
America/Indianapolis; Turks And Caicos Standard Time: America/Grand_Turk; Paraguay Standard Time: America/Asuncion;
Atlantic Standard Time: America/Halifax; Venezuela Standard Time: America/Caracas; Central Brazilian Standard Time:
America/Cuiaba; SA Western Standard Time: America/La_Paz; Pacific SA Standard Time: America/Santiago; Newfoundland
Standard Time: America/St_Johns; Tocantins Standard Time: America/Araguaina; E. South America Standard Time:
America/Sao_Paulo; SA Eastern Standard Time: America/Cayenne; Argentina Standard Time: America/Buenos_Aires; Greenland
Standard Time: America/Godthab; Montevideo Standard Time: America/Montevideo; Magallanes Standard Time:
America/Punta_Arenas; Saint Pierre Standard Time: America/Miquelon; Bahia Standard Time: America/Bahia; UTC-02:
Etc/GMT+2; Azores Standard Time: Atlantic/Azores; Cape Verde Standard Time: Atlantic/Cape_Verde; UTC: Etc/UTC; GMT
Standard Time: Europe/London; Greenwich Standard Time: Atlantic/Reykjavik; Sao Tome Standard Time: Africa/Sao_Tome;
Morocco Standard Time: Africa/Casablanca; W. Europe Standard Time: Europe/Berlin; Central Europe Standard Time:
Europe/Budapest; Romance Standard Time: Europe/Paris; Central European Standard Time: Europe/Warsaw; W. Central Africa
Standard Time: Africa/Lagos; Jordan Standard Time: Asia/Amman; GTB Standard Time: Europe/Bucharest; Middle East
Standard Time: Asia/Beirut; Egypt Standard Time: Africa/Cairo; E. Europe Standard Time: Europe/Chisinau; Syria
Standard Time: Asia/Damascus; West Bank Standard Time: Asia/Hebron; South Africa Standard Time: Africa/Johannesburg;
FLE Standard Time: Europe/Kiev; Israel Standard Time: Asia/Jerusalem; South Sudan Standard Time: Africa/Juba;
Kaliningrad Standard Time: Europe/Kaliningrad; Sudan Standard Time: Africa/Khartoum; Libya Standard Time:
Africa/Tripoli; Namibia Standard Time: Africa/Windhoek; Arabic Standard Time: Asia/Baghdad; Turkey Standard Time:
Europe/Istanbul; Arab Standard Time: Asia/Riyadh; Belarus Standard Time: Europe/Minsk; Russian Standard Time:
Europe/Moscow; E. Africa Standard Time: Africa/Nairobi; Iran Standard Time: Asia/Tehran; Arabian Standard Time:
Asia/Dubai; Astrakhan Standard Time: Europe/Astrakhan; Azerbaijan Standard Time: Asia/Baku; Russia Time Zone 3:
Europe/Samara; Mauritius Standard Time: Indian/Mauritius; Saratov Standard Time: Europe/Saratov; Georgian Standard
Time: Asia/Tbilisi; Volgograd Standard Time: Europe/Volgograd; Caucasus Standard Time: Asia/Yerevan; Afghanistan
Standard Time: Asia/Kabul; West Asia Standard Time: Asia/Tashkent; Ekaterinburg Standard Time: Asia/Yekaterinburg;
Pakistan Standard Time: Asia/Karachi; Qyzylorda Standard Time: Asia/Qyzylorda; India Standard Time: Asia/Calcutta; Sri
Lanka Standard Time: Asia/Colombo; Nepal Standard Time: Asia/Katmandu; Central Asia Standard Time: Asia/Bishkek;
Bangladesh Standard Time: Asia/Dhaka; Omsk Standard Time: Asia/Omsk; Myanmar Standard Time: Asia/Rangoon; SE Asia
Standard Time: Asia/Bangkok; Altai Standard Time: Asia/Barnaul; W. Mongolia Standard Time: Asia/Hovd; North Asia
Standard Time: Asia/Krasnoyarsk; N. Central Asia Standard Time: Asia/Novosibirsk; Tomsk Standard Time: Asia/Tomsk;
China Standard Time: Asia/Shanghai; North Asia East Standard Time: Asia/Irkutsk; Singapore Standard Time:
Asia/Singapore; W. Australia Standard Time: Australia/Perth; Taipei Standard Time: Asia/Taipei; Ulaanbaatar Standard
Time: Asia/Ulaanbaatar; Aus Central W. Standard Time: Australia/Eucla; Transbaikal Standard Time: Asia/Chita; Tokyo
Standard Time: Asia/Tokyo; North Korea Standard Time: Asia/Pyongyang; Korea Standard Time: Asia/Seoul; Yakutsk
Standard Time: Asia/Yakutsk; Cen. Australia Standard Time: Australia/Adelaide; AUS Central Standard Time:
Australia/Darwin; E. Australia Standard Time: Australia/Brisbane; AUS Eastern Standard Time: Australia/Sydney; West
Pacific Standard Time: Pacific/Port_Moresby; Tasmania Standard Time: Australia/Hobart; Vladivostok Standard Time:
Asia/Vladivostok; Lord Howe Standard Time: Australia/Lord_Howe; Bougainville Standard Time: Pacific/Bougainville;
Russia Time Zone 10: Asia/Srednekolymsk; Magadan Standard Time: Asia/Magadan; Norfolk Standard Time: Pacific/Norfolk;
Sakhalin Standard Time: Asia/Sakhalin; Central Pacific Standard Time: Pacific/Guadalcanal; Russia Time Zone 11:
Asia/Kamchatka; New Zealand Standard Time: Pacific/Auckland; UTC+12: Etc/GMT-12; Fiji Standard Time: Pacific/Fiji;
Chatham Islands Standard Time: Pacific/Chatham; UTC+13: Etc/GMT-13; Tonga Standard Time: Pacific/Tongatapu; Samoa
Standard Time: Pacific/Apia; Line Islands Standard Time: Pacific/Kiritimati
"""
_BY_COUNTRY = """
001: Antarctica/Troll Etc/Unknown; AD: Europe/Andorra; AE: Asia/Dubai; AF: Asia/Kabul; AG: America/Antigua; AI:
America/Anguilla; AL: Europe/Tirane; AM: Asia/Yerevan; AO: Africa/Luanda; AQ: Antarctica/Casey Antarctica/Davis
Antarctica/DumontDUrville Antarctica/Mawson Antarctica/McMurdo Antarctica/Palmer Antarctica/Rothera Antarctica/Syowa
Antarctica/Vostok; AR: America/Argentina/Buenos_Aires America/Argentina/Catamarca America/Argentina/Cordoba
America/Argentina/Jujuy America/Argentina/La_Rioja America/Argentina/Mendoza America/Argentina/Rio_Gallegos
America/Argentina/Salta America/Argentina/San_Juan America/Argentina/San_Luis America/Argentina/Tucuman
America/Argentina/Ushuaia; AS: Pacific/Pago_Pago; AT: Europe/Vienna; AU: Antarctica/Macquarie Australia/Adelaide
Australia/Brisbane Australia/Broken_Hill Australia/Darwin Australia/Eucla Australia/Hobart Australia/Lindeman
Australia/Lord_Howe Australia/Melbourne Australia/Perth Australia/Sydney; AW: America/Aruba; AX: Europe/Mariehamn; AZ:
Asia/Baku; BA: Europe/Sarajevo; BB: America/Barbados; BD: Asia/Dhaka; BE: Europe/Brussels; BF: Africa/Ouagadougou; BG:
Europe/Sofia; BH: Asia/Bahrain; BI: Africa/Bujumbura; BJ: Africa/Porto-Novo; BL: America/St_Barthelemy; BM:
Atlantic/Bermuda; BN: Asia/Brunei; BO: America/La_Paz; BQ: America/Kralendijk; BR: America/Araguaina America/Bahia
America/Belem America/Boa_Vista America/Campo_Grande America/Cuiaba America/Eirunepe America/Fortaleza America/Maceio
America/Manaus America/Noronha America/Porto_Velho America/Recife America/Rio_Branco America/Santarem
America/Sao_Paulo; BS: America/Nassau; BT: Asia/Thimphu; BW: Africa/Gaborone; BY: Europe/Minsk; BZ: America/Belize;
CA: America/Atikokan America/Blanc-Sablon America/Cambridge_Bay America/Creston America/Dawson America/Dawson_Creek
America/Edmonton America/Fort_Nelson America/Glace_Bay America/Goose_Bay America/Halifax America/Inuvik
America/Iqaluit America/Moncton America/Rankin_Inlet America/Regina America/Resolute America/St_Johns
America/Swift_Current America/Toronto America/Vancouver America/Whitehorse America/Winnipeg; CC: Indian/Cocos; CD:
Africa/Kinshasa Africa/Lubumbashi; CF: Africa/Bangui; CG: Africa/Brazzaville; CH: Europe/Zurich; CI: Africa/Abidjan;
CK: Pacific/Rarotonga; CL: America/Punta_Arenas America/Santiago Pacific/Easter; CM: Africa/Douala; CN: Asia/Shanghai
Asia/Urumqi; CO: America/Bogota; CR: America/Costa_Rica; CU: America/Havana; CV: Atlantic/Cape_Verde; CW:
America/Curacao; CX: Indian/Christmas; CY: Asia/Famagusta Asia/Nicosia; CZ: Europe/Prague; DE: Europe/Berlin
Europe/Busingen; DJ: Africa/Djibouti; DK: Europe/Copenhagen; DM: America/Dominica; DO: America/Santo_Domingo; DZ:
Africa/Algiers; EC: America/Guayaquil Pacific/Galapagos; EE: Europe/Tallinn; EG: Africa/Cairo; EH: Africa/El_Aaiun;
ER: Africa/Asmara; ES: Africa/Ceuta Atlantic/Canary Europe/Madrid; ET: Africa/Addis_Ababa; FI: Europe/Helsinki; FJ:
Pacific/Fiji; FK: Atlantic/Stanley; FM: Pacific/Chuuk Pacific/Kosrae Pacific/Pohnpei; FO: Atlantic/Faroe; FR:
Europe/Paris; GA: Africa/Libreville; GB: Europe/London; GD: America/Grenada; GE: Asia/Tbilisi; GF: America/Cayenne;
GG: Europe/Guernsey; GH: Africa/Accra; GI: Europe/Gibraltar; GL: America/Danmarkshavn America/Nuuk
America/Scoresbysund America/Thule; GM: Africa/Banjul; GN: Africa/Conakry; GP: America/Guadeloupe; GQ: Africa/Malabo;
GR: Europe/Athens; GS: Atlantic/South_Georgia; GT: America/Guatemala; GU: Pacific/Guam; GW: Africa/Bissau; GY:
America/Guyana; HK: Asia/Hong_Kong; HN: America/Tegucigalpa; HR: Europe/Zagreb; HT: America/Port-au-Prince; HU:
Europe/Budapest; ID: Asia/Jakarta Asia/Jayapura Asia/Makassar Asia/Pontianak; IE: Europe/Dublin; IL: Asia/Jerusalem;
IM: Europe/Isle_of_Man; IN: Asia/Kolkata; IO: Indian/Chagos; IQ: Asia/Baghdad; IR: Asia/Tehran; IS:
Atlantic/Reykjavik; IT: Europe/Rome; JE: Europe/Jersey; JM: America/Jamaica; JO: Asia/Amman; JP: Asia/Tokyo; KE:
Africa/Nairobi; KG: Asia/Bishkek; KH: Asia/Phnom_Penh; KI: Pacific/Kanton Pacific/Kiritimati Pacific/Tarawa; KM:
Indian/Comoro; KN: America/St_Kitts; KP: Asia/Pyongyang; KR: Asia/Seoul; KW: Asia/Kuwait; KY: America/Cayman; KZ:
Asia/Almaty Asia/Aqtau Asia/Aqtobe Asia/Atyrau Asia/Oral Asia/Qostanay Asia/Qyzylorda; LA: Asia/Vientiane; LB:
Asia/Beirut; LC: America/St_Lucia; LI: Europe/Vaduz; LK: Asia/Colombo; LR: Africa/Monrovia; LS: Africa/Maseru; LT:
Europe/Vilnius; LU: Europe/Luxembourg; LV: Europe/Riga; LY: Africa/Tripoli; MA: Africa/Casablanca; MC: Europe/Monaco;
MD: Europe/Chisinau; ME: Europe/Podgorica; MF: America/Marigot; MG: Indian/Antananarivo; MH: Pacific/Kwajalein
Pacific/Majuro; MK: Europe/Skopje; ML: Africa/Bamako; MM: Asia/Yangon; MN: Asia/Hovd Asia/Ulaanbaatar; MO: Asia/Macau;
MP: Pacific/Saipan; MQ: America/Martinique; MR: Africa/Nouakchott; MS: America/Montserrat; MT: Europe/Malta; MU:
Indian/Mauritius; MV: Indian/Maldives; MW: Africa/Blantyre; MX: America/Bahia_Banderas America/Cancun
America/Chihuahua America/Ciudad_Juarez America/Hermosillo America/Matamoros America/Mazatlan America/Merida
America/Mexico_City America/Monterrey America/Ojinaga America/Tijuana; MY: Asia/Kuala_Lumpur Asia/Kuching; MZ:
Africa/Maputo; NA: Africa/Windhoek; NC: Pacific/Noumea; NE: Africa/Niamey; NF: Pacific/Norfolk; NG: Africa/Lagos; NI:
America/Managua; NL: Europe/Amsterdam; NO: Europe/Oslo; NP: Asia/Kathmandu; NR: Pacific/Nauru; NU: Pacific/Niue; NZ:
Pacific/Auckland Pacific/Chatham; OM: Asia/Muscat; PA: America/Panama; PE: America/Lima; PF: Pacific/Gambier
Pacific/Marquesas Pacific/Tahiti; PG: Pacific/Bougainville Pacific/Port_Moresby; PH: Asia/Manila; PK: Asia/Karachi;
PL: Europe/Warsaw; PM: America/Miquelon; PN: Pacific/Pitcairn; PR: America/Puerto_Rico; PS: Asia/Gaza Asia/Hebron; PT:
Atlantic/Azores Atlantic/Madeira Europe/Lisbon; PW: Pacific/Palau; PY: America/Asuncion; QA: Asia/Qatar; RE:
Indian/Reunion; RO: Europe/Bucharest; RS: Europe/Belgrade; RU: Asia/Anadyr Asia/Barnaul Asia/Chita Asia/Irkutsk
Asia/Kamchatka Asia/Khandyga Asia/Krasnoyarsk Asia/Magadan Asia/Novokuznetsk Asia/Novosibirsk Asia/Omsk Asia/Sakhalin
Asia/Srednekolymsk Asia/Tomsk Asia/Ust-Nera Asia/Vladivostok Asia/Yakutsk Asia/Yekaterinburg Europe/Astrakhan
Europe/Kaliningrad Europe/Kirov Europe/Moscow Europe/Samara Europe/Saratov Europe/Ulyanovsk Europe/Volgograd; RW:
Africa/Kigali; SA: Asia/Riyadh; SB: Pacific/Guadalcanal; SC: Indian/Mahe; SD: Africa/Khartoum; SE: Europe/Stockholm;
SG: Asia/Singapore; SH: Atlantic/St_Helena; SI: Europe/Ljubljana; SJ: Arctic/Longyearbyen; SK: Europe/Bratislava; SL:
Africa/Freetown; SM: Europe/San_Marino; SN: Africa/Dakar; SO: Africa/Mogadishu; SR: America/Paramaribo; SS:
Africa/Juba; ST: Africa/Sao_Tome; SV: America/El_Salvador; SX: America/Lower_Princes; SY: Asia/Damascus; SZ:
Africa/Mbabane; TC: America/Grand_Turk; TD: Africa/Ndjamena; TF: Indian/Kerguelen; TG: Africa/Lome; TH: Asia/Bangkok;
TJ: Asia/Dushanbe; TK: Pacific/Fakaofo; TL: Asia/Dili; TM: Asia/Ashgabat; TN: Africa/Tunis; TO: Pacific/Tongatapu; TR:
Europe/Istanbul; TT: America/Port_of_Spain; TV: Pacific/Funafuti; TW: Asia/Taipei; TZ: Africa/Dar_es_Salaam; UA:
Europe/Kyiv Europe/Simferopol; UG: Africa/Kampala; UM: Pacific/Midway Pacific/Wake; US: America/Adak America/Anchorage
America/Boise America/Chicago America/Denver America/Detroit America/Indiana/Indianapolis America/Indiana/Knox
America/Indiana/Marengo America/Indiana/Petersburg America/Indiana/Tell_City America/Indiana/Vevay
America/Indiana/Vincennes America/Indiana/Winamac America/Juneau America/Kentucky/Louisville
America/Kentucky/Monticello America/Los_Angeles America/Menominee America/Metlakatla America/New_York America/Nome
America/North_Dakota/Beulah America/North_Dakota/Center America/North_Dakota/New_Salem America/Phoenix America/Sitka
America/Yakutat Pacific/Honolulu; UY: America/Montevideo; UZ: Asia/Samarkand Asia/Tashkent; VA: Europe/Vatican; VC:
America/St_Vincent; VE: America/Caracas; VG: America/Tortola; VI: America/St_Thomas; VN: Asia/Ho_Chi_Minh; VU:
Pacific/Efate; WF: Pacific/Wallis; WS: Pacific/Apia; YE: Asia/Aden; YT: Indian/Mayotte; ZA: Africa/Johannesburg; ZM:
Africa/Lusaka; ZW: Africa/Harare; ZZ: Etc/GMT Etc/GMT+1 Etc/GMT+10 Etc/GMT+11 Etc/GMT+12 Etc/GMT+2 Etc/GMT+3 Etc/GMT+4
Etc/GMT+5 Etc/GMT+6 Etc/GMT+7 Etc/GMT+8 Etc/GMT+9 Etc/GMT-1 Etc/GMT-10 Etc/GMT-11 Etc/GMT-12 Etc/GMT-13 Etc/GMT-14
Etc/GMT-2 Etc/GMT-3 Etc/GMT-4 Etc/GMT-5 Etc/GMT-6 Etc/GMT-7 Etc/GMT-8 Etc/GMT-9 Etc/UTC
"""


@lru_cache(maxsize=1)
def windows_zones() -> Mapping[str, str]:
    """Return Windows' name of a time zone -> its name, as of `zoneinfo`."""
    return dict(_entries(_OF_WINDOWS))


@lru_cache(maxsize=1)
def countries_of_zones() -> Mapping[str, str]:
    """Return name of a time zone -> country, in two letters (ISO 3166), "001" for the zones of no country."""
    return {zone: country for country, zones in _entries(_BY_COUNTRY) for zone in zones.split()}


def _entries(text: str) -> list[tuple[str, str]]:
    found = (entry.partition(": ") for entry in " ".join(text.split()).split("; "))
    return [(name, rest) for name, _, rest in found]
