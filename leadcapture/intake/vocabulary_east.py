"""What people call the fields of an enquiry, in the languages from Finland to Greece and of South-East Asia.

The same lists as in `vocabulary` and `vocabulary_enquiry`, which hold the others.
"""

EMAIL = """
emailova adresa, vas email, pracovni email, postova adresa, elektronicka posta, epostova adresa, epostova,
emailovy kontakt, email cim, email cime, email cimed, elektronikus levelcim, drotposta, adresa de email, adresa
email, adresa ta de email, emailul tau, posta electronica, email ul tau, adresa de posta electronica,
ηλεκτρονικο ταχυδρομειο, ηλεκτρονικη διευθυνση, διευθυνση email, διευθυνση ηλεκτρονικου ταχυδρομειου, μειλ,
імейл, електронна пошта, електронної пошти, електронну пошту, пошта, ел пошта, електронна адреса, адреса
електронної пошти, електронна поща, поща, имейл адрес, електронна адреса за контакт, е поща, епоста, е пошта,
имеjл, е маил, е мейл, имейл, имејл, sahkopostiosoite, sahkopostiosoitteesi, sahkopostisi, tyosahkoposti,
sposti, s posti, meili, e mail aadress, meiliaadress, el pastas, elektroninis pastas, el pasto adresas, epasts,
e pasts, epasta adrese, e pasta adrese, eposta, e posta, elektronska posta, elektronicka adresa, email adresa,
dia chi email, alamat email, alamat e mail, surel, อีเมล, อีเมล์, ईमेल, ईमेल पता
"""

PHONE = """
telefonni kontakt, kontaktni telefon, telefonne cislo, telefon cislo, cislo telefonu, mobilne cislo, mobilni
cislo, mobilny telefon, vas telefon, tel cislo, telefonszam, telefonszama, telefonszamod, mobilszam, mobilszama,
mobiltelefonszam, elerhetoseg, mobiltelefonszama, numar de telefon, numarul de telefon, numarul tau de telefon,
numar telefon, telefonul tau, telefon mobil, nr telefon, nr de telefon, numar de contact, telefon de contact,
numar mobil, τηλεφωνο, τηλεφωνο επικοινωνιας, κινητο, κινητο τηλεφωνο, αριθμος τηλεφωνου, τηλ, σταθερο τηλεφωνο,
σταθερο, αριθμος κινητου, τηλ επικοινωνιας, номер телефону, ваш номер телефону, мобільний, мобільний телефон,
номер мобільного, контактний телефон, телефон для зв язку, номер для зв язку, телефонен номер, телефон за
връзка, мобилен телефон, мобилен, број телефона, контакт телефон, мобилни телефон, puhelin numero,
puhelinnumerosi, puhelinnumeronne, matkapuhelin, matkapuhelinnumero, puh, puhelimesi, kannykka, telefoninumber,
telefoni number, mobiilinumber, telefono numeris, telefonas, mobilusis telefonas, kontaktinis telefonas,
talrunis, talruna numurs, mobilais talrunis, broj telefona, telefon broj, broj mobitela, mobitel, kontakt
telefon, telefonska stevilka, mobilni broj, so dien thoai, dien thoai, sdt, so di dong, nomor telepon, no
telepon, nomor hp, no hp, telepon, nomor whatsapp, no whatsapp, no wa, nombor telefon, no telefon,
เบอร์โทรศัพท์, เบอร์โทร, โทรศัพท์, เบอร์ติดต่อ, फ़ोन नंबर, फोन नंबर, मोबाइल नंबर, मोबाइल
"""

FIRST_NAME = """
krestne meno, krestni, keresztnev, keresztneve, utonev, prenume, prenumele, prenumele tau, μικρο ονομα, имя
отчество ваше, ім я по батькові, собствено име, etunimesi, eesnimi, vardas, vards, nama depan, nama pertama,
pirmas vardas,
krstne meno, krstne, rojstno ime, prvo ime
"""

LAST_NAME = """
priezvisko, vase priezvisko, vase prijmeni, vezeteknev, vezetekneve, csaladnev, nume de familie, numele de
familie, επωνυμο, επιθετο, το επωνυμο σας, прізвище, ваше прізвище, презиме, фамилно име, sukunimesi,
perekonnanimi, perenimi, pavarde, uzvards, prezime, priimek, nama belakang, nama keluarga
"""

FULL_NAME = """
cele meno, vase jmeno a prijmeni, jmeno prijmeni, jmeno a prijmeni, prijmeni a jmeno, meno a priezvisko,
priezvisko a meno, kontaktni osoba, kontaktna osoba, jak se jmenujete, ako sa volate, jmeno kontaktni osoby,
teljes nev, teljes neve, kapcsolattarto neve, kapcsolattarto, vezeteknev es keresztnev, vezetek es keresztnev,
hogy hivnak, hogy hivjak, kapcsolattarto szemely, nume si prenume, nume prenume, prenume si nume, nume complet,
numele complet, numele si prenumele, cum te numesti, cum va numiti, persoana de contact, ονοματεπωνυμο, ονομα
και επωνυμο, ονομα επωνυμο, πληρες ονομα, το ονοματεπωνυμο σας, πως σας λενε, ονομα επικοινωνιας, υπευθυνος
επικοινωνιας, ім я та прізвище, ім я і прізвище, ім я прізвище, прізвище та ім я, прізвище і ім я, прізвище ім
я, піб, п і б, повне ім я, як вас звати, контактна особа, як до вас звертатися, прізвище ім я по батькові, име и
фамилия, име фамилия, три имена, пълно име, лице за контакт, име и презиме, пуно име, име презиме, koko nimi,
etu ja sukunimi, etunimi ja sukunimi, nimesi, nimenne, yhteyshenkilo, mika on nimesi, yhteyshenkilon nimi,
taisnimi, ees ja perekonnanimi, nimi ja perekonnanimi, kontaktisik, vardas ir pavarde, vardas pavarde,
kontaktinis asmuo, vards un uzvards, vards uzvards, kontaktpersona, ime i prezime, ime prezime, puno ime,
kontakt osoba, ime in priimek, ime priimek, kontaktna oseba, ho va ten, ho ten, ten day du, nama lengkap, nama
penuh, ชื่อ นามสกุล, ชื่อและนามสกุล, नाम, पूरा नाम
"""

NAME = """
jmeno, vase jmeno, meno, vase meno, nev, neve, neved, az on neve, nume, numele, numele tau, numele
dumneavoastra, ονομα, το ονομα σας, το ονομα σου, ім я, ваше ім я, име, вашето име, ваше име, ime, vase ime,
vas, ten, ten cua ban, nama, nama anda, ชื่อ
"""

COMPANY = """
organizace, nazev firmy, nazev organizace, firma spolecnost, vase firma, vase spolecnost, zamestnavatel,
spolocnost, nazov spolocnosti, nazov firmy, vasa firma, vasa spolocnost, organizacia, ceg, cegnev, ceg neve,
cege neve, ceged neve, cegenek neve, vallalat, vallalat neve, vallalkozas, vallalkozas neve, szervezet,
szervezet neve, cegunk neve, munkahely, companie, compania, compania ta, nume companie, numele companiei, numele
firmei, nume firma, denumire firma, denumire companie, denumirea companiei, societate, numele societatii,
organizatie, firma ta, institutie, angajator, εταιρεια, εταιρια, επωνυμια, επωνυμια εταιρειας, επωνυμια
επιχειρησης, ονομα εταιρειας, ονομα εταιριας, επωνυμια εταιριας, ονομα επιχειρησης, επιχειρηση, οργανισμος, η
εταιρεια σας, компанія, назва компанії, назва вашої компанії, організація, назва організації, фірма, назва
фірми, підприємство, ваша компанія, в якій компанії ви працюєте, роботодавець, име на фирмата, име на
компанията, име на фирма, вашата фирма, компанија, назив фирме, назив компаније, предузеће, yrityksen nimi,
yrityksesi, yrityksesi nimi, yhtio, tyonantaja, organisaation nimi, yritys organisaatio, ettevote, ettevotte
nimi, firma nimi, asutus, imone, imones pavadinimas, organizacija, uznemums, uznemuma nosaukums, tvrtka, naziv
tvrtke, ime tvrtke, naziv firme, naziv kompanije, kompanija, preduzece, poduzece, podjetje, ime podjetja, naziv
podjetja, cong ty, ten cong ty, doanh nghiep, to chuc, perusahaan, nama perusahaan, syarikat, nama syarikat,
organisasi, instansi, บริษัท, ชื่อบริษัท, องค์กร, कंपनी, कंपनी का नाम
"""

MESSAGE = """
vzkaz, komentar, poznamky, vas dotaz, vase dotazy, jak vam muzeme pomoci, s cim vam muzeme pomoci, doplnujici
informace, co hledate, napiste nam, dalsi pozadavky, popis, vase pozadavky, text dotazu, dalsi informace,
sprava, vasa sprava, text spravy, otazka, vasa otazka, dopyt, ako vam mozeme pomoct, poznamka, doplnujuce
informacie, spravu, uzenet, uzenete, uzeneted, az on uzenete, uzenet szovege, megjegyzes, egyeb megjegyzes,
miben segithetunk, hogyan segithetunk, kerdes, kerdese, kerdesek, tovabbi informacio, tovabbi informaciok,
leiras, igenyek, kerese, keres, hozzaszolas, egyeb, uzenetet, mesajul tau, mesajul dumneavoastra, mesajul, cum
te putem ajuta, cum va putem ajuta, cu ce te putem ajuta, cu ce va putem ajuta, comentarii, observatii,
solicitare, solicitarea ta, intrebare, intrebarea ta, intrebari, informatii suplimentare, mai multe detalii,
alte detalii, ce cauti, scrie ne, detalii, descriere, nevoile tale, mesaj, μηνυμα, το μηνυμα σας, το μηνυμα σου,
σχολια, παρατηρησεις, ερωτηση, ερωτησεις, πως μπορουμε, σημειωσεις, επιπλεον πληροφοριες, περιγραφη, αιτημα, το
αιτημα σας, κειμενο μηνυματος, λεπτομερειες, περιεχομενο, повідомлення, ваше повідомлення, коментар, ваш
коментар, коментарі, чим можемо допомогти, чим ми можемо допомогти, текст повідомлення, питання, ваше питання,
ваші питання, додаткова інформація, побажання, ваші побажання, опишіть, запитання, примітки, примітка, що ви
шукаєте, розкажіть, запит, ваш запит, съобщение, вашето съобщение, въпрос, вашият въпрос, запитване, вашето
запитване, бележки, забележка, допълнителна информация, порука, ваша порука, питање, напомена, viestisi,
viestinne, kommentit, kommentti, lisatiedot, lisatietoja, miten voimme, kuinka voimme, kerro lisaa, kerro
tarpeistasi, kerro meille, kysymys, kysymykset, kysymyksesi, vapaa sana, mita etsit, viestin sisalto, muuta,
toiveet, lisatoiveet, sonum, teie sonum, kommentaar, kusimus, lisainfo, zinute, jusu zinute, klausimas,
komentaras, papildoma informacija, uzklausa, zinojums, jusu zinojums, zina, jautajums, komentars, piezimes,
poruka, vasa poruka, napomena, pitanje, upit, vas upit, dodatne informacije, kako vam mozemo pomoci, sporocilo,
vase sporocilo, opomba, vprasanje, povprasevanje, tin nhan, loi nhan, noi dung, noi dung tin nhan, ghi chu, yeu
cau, pesan, pesan anda, catatan, pertanyaan, kebutuhan anda, mesej, ข้อความ, รายละเอียด, संदेश, आपका संदेश
"""

OTHER = """
pocet mist, mesto, pozice, jak jste se o nas dozvedeli, predmet, predmet zpravy, rozpocet, souhlasim, pocet
osob, pocet zamestnancu, velikost firmy, nazev akce, nazev produktu, beosztas, honnan hallott rolunk, targy,
varos, elfogadom, letszam, cegmeret, iranyitoszam, cim, adoszam, esemeny neve, oras, functie, cum ai aflat de
noi, subiect, subiectul mesajului, buget, sunt de acord, numar de persoane, numar de angajati, marimea
companiei, judet, adresa, numele evenimentului, πολη, θεση εργασιας, θεση, πως μας βρηκατε, θεμα, διευθυνση,
χωρα, αριθμος ατομων, αφμ, αριθμος θεσεων, μεγεθος εταιρειας, місто, посада, звідки дізналися про нас, звідки ви
про нас дізналися, тема повідомлення, розмір компанії, кількість співробітників, адреса, адреса компанії, сайт
компанії, назва заходу, град, должност, длъжност, тема, относно, kaupunki, titteli, aihe, mista kuulit meista,
henkilomaara, postinumero, yrityksen koko, y tunnus, ytunnus, toimiala, asema, tapahtuman nimi, linn, amet,
miestas, pareigos, pilseta, amats, grad, pozicija, naslov poruke, chuc vu, tieu de, chu de, dia chi, alamat,
kota, jabatan, subjek
"""

QUALIFIERS = """
nepovinne, povinne, vas, vase, vasa, vaseho, az, on, az on, te, tau, ta, tale, dumneavoastra, dvs, va rugam,
introduceti, completeaza, σας, σου, το, τη, την, η, ο, του, της, παρακαλω, υποχρεωτικο, προαιρετικο, εισαγετε,
ваш, ваша, ваше, ваші, вашу, введіть, вкажіть, необов язково, обов язково, за, вашето, вашият, вашата, въведете,
sinun, teidan, anna, kirjoita, pakollinen, vapaaehtoinen, teie, jusu, unesite, vnesite, anda, masukkan, cua,
ban, nhap, opcjonalny, opcional, kotelezo, opcionalis, kerjuk, adja, meg
"""

EXACT_ONLY = """
ten, ime, име, nama, nume, nev, neve, neved, meno, vas, popis, keres, kerese, egyeb, muuta, zina, ceg, asutus,
mesto, poznamky, tema, тема, komentar, detalii, descriere, leiras, solicitare, intrebare, kerdes, upit, pitanje,
otazka, dopyt, klausimas, kusimus, питання, въпрос, запит, запитване, пошта, поща, telepon, pesan, catatan, ho
ten, surel, puh, τηλ, περιγραφη, περιεχομενο, societate, compania, vards, vardas, επωνυμια, σταθερο, meili, s
posti, adresa, cim, amet, linn, grad, varos, toiveet, igenyek, mobilen, мобилен, organisasi, instansi, oras,
asema, pozice, pozicija, telefonas, yhtio, spravu, sprava, munkahely
"""
