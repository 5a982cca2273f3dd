"""What people call the fields of an enquiry: email, phone and the names of a person, language by language.

Phrases are separated by commas and compared as `wording.words` spells them. Longer phrases win over shorter ones.
"""

EMAIL = """
email, mail, email address, mail address, emailaddress, mailaddress, useremail, workemail, work email,
business email, company email, corporate email, email id, emailid, contact email, contactemail, reply to,
replyto, correo, correo electronico, email corporativo, correo corporativo, direccion de correo,
direccion de email, endereco de email, endereco email, correio eletronico, correio electronico,
courriel, adresse mail, adresse email, adresse electronique, adresse courriel, adresse de messagerie, mel,
email adresse, emailadresse, mailadresse, mail adresse, elektronische post,
posta elettronica, indirizzo email, indirizzo mail, indirizzo di posta elettronica, indirizzo di posta,
emailadres, email adres, mailadres, adres email, adres mailowy, adres poczty, poczta, poczta elektroniczna,
mejl, דואר אלקטרוני, דוא ל, דואל, אימייל, אי מייל, מייל, המייל, האימייל, כתובת מייל, כתובת אימייל,
דואר אלקטרוני שלך, электронная почта, электронной почты, электронную почту, почта, эл почта, емейл, имейл,
мейл, емайл, адрес электронной почты, メール, メールアドレス, eメール, eメールアドレス, 電子メール,
ご連絡先メールアドレス, 邮箱, 电子邮箱, 电子邮件, 邮件, 邮件地址, 邮箱地址, 邮址, 電子郵件, 電子郵箱,
電子信箱, 郵箱, 信箱, 電郵, 電郵地址, 電郵信箱, epost, epostadress, epost adress, epostadresse, mailadress,
emailova adresa, mailova adresa, sahkoposti, e posta, eposta, e posta adresi, eposta adresi, e mail adresi,
email adresi, بريد الالكتروني, بريد الإلكتروني, بريد إلكتروني, بريد الكتروني, بريد, ايميل, إيميل,
عنوان البريد الإلكتروني, 이메일, 메일, 이메일 주소, 전자우편, 이메일주소,
mail professionnel, mail pro, mail id, electronic mail, mel professionnel, mejladress, jobbmejl,
arbejdsmail, mail adresi, mail adresiniz, is epostasi, is e postasi, eposta adresiniz, e posta adresiniz,
epostaniz, e postaniz, بريدك الإلكتروني, بريدك الالكتروني, بريدك, ايميلك, 电邮, 公司邮箱, 企业邮箱, 工作邮箱,
epostadressen, correio, mail aziendale, mail firmowy,
электронный адрес, электронный ящик, adres elektroniczny
"""

PHONE = """
phone, telephone, tel, mobile, cell, cellphone, cell phone, phone number, phonenumber, telephone number,
mobile number, mobilenumber, mobilephone, mobile phone, contact number, contact no, phone no, tel no,
telephone no, mobile no, whatsapp, whatsapp number, user phone, work phone, home phone, business phone,
daytime phone, daytime number, phonenum, telnumber, telno, contactnumber, contactphone,
number to reach you, landline, telefono, celular, movil, numero de telefono, numero de celular,
numero de movil, numero de contacto, telefono movil, telefono de contacto, telefone, telemovel,
numero de telefone, fone, celular com ddd, telefone com ddd, numero de telemovel,
telephone portable, portable, numero de telephone, n de telephone, no de telephone, gsm,
numero de portable, mobile tel, telefon, telefonnummer, handy, handynummer, mobilnummer, rufnummer,
mobiltelefon, telefon nr, tel nr, mobil, mobilfunknummer, telefonnr, rueckrufnummer, ruckrufnummer,
cellulare, numero di telefono, numero di cellulare, recapito telefonico, recapito, numero cellulare,
numero telefonico, telefoon, telefoonnummer, mobiel, mobiel nummer, mobielnummer, gsm nummer, tel nummer,
mobiele nummer, telefoon nummer, numer telefonu, nr telefonu, komorka, telefon komorkowy,
telefon kontaktowy, numer kontaktowy, טלפון, נייד, פלאפון, טלפון נייד, מספר טלפון, מספר נייד, הטלפון,
נייד שלך, סלולרי, מס טלפון, ווטסאפ, טל, телефон, номер телефона, мобильный, мобильный телефон,
контактный телефон, телефон для связи, тел, ватсап, номер мобильного, моб телефон,
電話, 電話番号, お電話番号, 携帯電話, 携帯番号, 携帯電話番号, 携帯, ご連絡先電話番号, お電話,
連絡先電話番号, tel番号, 电话, 电话号码, 手机, 手机号, 手机号码, 联系电话, 联系方式, 手机电话, 電話號碼,
手機, 手機號碼, 聯絡電話, 連絡電話, 行動電話, telefon no, telefon numarasi, cep telefonu, cep, gsm no,
cep no, telefonni cislo, mobilni telefon, telefonsnummer, tlf, tlf nr,
mobiltelefonnummer, mobilnr, telefonnummer mobil, puhelin, puhelinnumero,
هاتف, رقم الهاتف, رقم هاتف, جوال, رقم الجوال, موبايل, رقم الموبايل, تليفون, رقم التليفون, واتساب,
رقم الواتساب, رقم التواصل, 전화, 전화번호, 휴대폰, 휴대전화, 연락처, 핸드폰, 휴대폰 번호, 휴대폰번호,
핸드폰번호,
your number, my number, number to call, call me back on, call back number, callback number, direct line,
direct dial, direct number, best number, numero de whatsapp, a que numero te llamamos, contacto
telefonico, contato, contacto, contato telefonico, tu numero, su numero, votre numero, numero de mobile,
ligne directe, unter welcher nummer, ruckruf unter, rueckruf unter, festnetz, festnetznummer, telefon
festnetz, durchwahl, kontaktnummer, contatto telefonico, numero, numero fisso, telefoonnr, nummer, vast
nummer, vaste telefoon, op welk nummer, numer komorki, nr tel, nr tel kom, nr kontaktowy, וואטסאפ, וואצאפ,
מספר הטלפון, מספר הטלפון שלך, номер, ваш номер, номер для связи, ご連絡先, 連絡先, 日中のご連絡先,
連絡のつく電話番号, 座机, 固定电话,
移动电话, 聯絡方式, 公司電話, 公司电话, 微信 手机, vilket nummer, telefonunuz, cep telefonunuz,
cep telefonu numarasi,
iletisim numarasi, iletisim, telefon numaraniz, هاتفك, رقم هاتفك, رقم الاتصال, رقم جوالك, رقم, 연락 가능한 번호,
연락 가능한 연락처, 번호, sms, mobile sms,
לאיזה מספר נחזור, לאיזה מספר לחזור, جوالك,
mobilfunk, handy nr, handynr, tel kontaktowy, telefonische erreichbarkeit, מספר לחזרה, movil de contacto,
tel number, number with country code, telefono celular
"""

FIRST_NAME = """
first name, firstname, name first name, fname, given name, givenname, forename, name first, first, given names,
christian name, namefirst, vorname, prenom, prenoms, nombre de pila, primer nombre, primeiro nome,
nome proprio, voornaam, imie, שם פרטי, имя отчество, 名字 first, 名前 名, お名前 名, 氏名 名, 下の名前, 名,
fornamn, fornavn, krestni jmeno, ilk ad, etunimi, ad, اسم الأول, الاسم الأول, اسم الاول, إسم الأول,
이름 first, 姓名 名,
rufname, 下のお名前, nombre s, given name s, ditt fornamn,
given
"""

LAST_NAME = """
last name, lastname, name last name, name family name, lname, surname, family name,
familyname, name last, second name, namelast, last,
sur name, nachname, familienname, zuname, nom de famille, apellido, apellidos, primer apellido, sobrenome,
apelido, ultimo nome, cognome, achternaam, familienaam, nazwisko, שם משפחה, משפחה, фамилия, фамилию, 姓,
名字 last, 名前 姓, お名前 姓, 氏名 姓, 苗字, 姓氏, efternamn, efternavn, etternavn, prijmeni, soyad,
soyadi, soyisim, sukunimi, اسم العائلة, لقب, عائلة, اسم الأخير, اسم الاخير, 성, 姓名 姓, apellido paterno,
apellido s, soyadiniz, soyisminiz, nom patronymique,
family
"""

FULL_NAME = """
full name, fullname, your full name, name and surname, first and last name, contact name, contact person,
contactname, customer name, customername, lead name, client name, visitor name, guest name, person name,
contact full name, yourname, full legal name, legal name, first last name, name surname,
first name and last name, your name, username full, nombre completo, nombre y apellido, nombre y apellidos,
nombres y apellidos, nombre apellidos, persona de contacto, nome completo, nome e cognome, nome cognome,
nome e sobrenome, nome e apelido, nominativo, nom complet, nom et prenom, prenom et nom, nom prenom,
prenom nom, nom et prenoms, noms et prenoms, nom & prenom, vor und nachname, vorname und nachname,
vor nachname, vorname nachname, name vorname, ansprechpartner, vollstandiger name,
ganzer name, ansprechperson, kontaktperson, vollstaendiger name, name und vorname, name nachname,
volledige naam, naam en achternaam, voor en achternaam, voornaam en achternaam, voornaam achternaam,
contactpersoon, imie i nazwisko, imie nazwisko, nazwisko i imie, osoba kontaktowa,
שם מלא, שם ושם משפחה, שם פרטי ושם משפחה, שם פרטי ומשפחה, איש קשר, שם איש קשר, שמך המלא,
фио, ф и о, имя и фамилия, имя фамилия, фамилия имя, фамилия имя отчество, фамилия и имя,
как к вам обращаться, как вас зовут, контактное лицо, полное имя,
お名前, 氏名, 名前, ご氏名, 担当者名, ご担当者名, お名前 フルネーム, フルネーム, 担当者, ご担当者,
ご担当者様名, ご担当者様, ご芳名, 姓名, 您的姓名, 联系人, 您的名字, 名字, 联系人姓名, 聯絡人, 聯絡人姓名,
称呼, 全名, 您的称呼, 稱呼, 您的大名, 貴姓大名, 尊姓大名, fullstandigt namn, for och efternamn,
fornamn och efternamn, fulde navn, fullt navn, navn og efternavn, for og efternavn,
for og etternavn, cele jmeno, jmeno a prijmeni, ad soyad, adi soyadi, adiniz soyadiniz, isim soyisim,
ad ve soyad, adiniz ve soyadiniz, اسم الكامل, اسم بالكامل, اسم كامل, اسم ثلاثي, اسم واللقب, 성함, 성명,
이름, 담당자, 담당자명, 담당자 이름, nimi,
what should we call you, who are we speaking with, who are you, member name, tenant name, applicant name,
requester, requester name, requestor name, individual name, submitter name, respondent name, attendee
name, invitee name, registrant name, nombre de contacto, nombre del contacto, como te llamas, como se
llama, con quien hablamos, quien eres, nombre del solicitante, nombre del responsable, nombre y primer
apellido, responsable, nome do contato, nome do contacto, nome do responsavel, nome do solicitante, como
se chama, como voce se chama, pessoa de contacto, pessoa de contato, nom du contact, nom de contact,
personne a contacter, personne de contact, comment vous appelez vous, comment vous appelle t on, comment t
appelles tu, interlocuteur, wie heissen sie, wie heisst du, wie durfen wir sie nennen, vorname name,
vorname und name, ansprechpartner in, ansprechpartnerin, name des ansprechpartners, kontakt name,
referente, nome referente, nome del referente, persona di contatto, come ti chiami, come si chiama, nome e
cognome del referente, naam contactpersoon, hoe heet je, hoe heet u, naam aanvrager, jak sie nazywasz, jak
sie pan nazywa, imie i nazwisko osoby kontaktowej, dane kontaktowe, איך קוראים לך, מה שמך, שם ומשפחה, שם
הפונה, שם הלקוח, שם המבקש, ваши фио, имя контактного лица, фио контактного лица, お客様名, お客様のお名前,
代表者名,
申込者名, お申込者名, ご担当者様のお名前, ご担当者氏名, 担当者氏名, 真实姓名, 負責人, 負責人姓名, 如何称呼,
怎么称呼您, 怎麼稱呼您, 客户姓名, 申请人, vad heter du, hela
namnet, hvad hedder du, hva heter du, navn pa kontaktperson, isminiz, tam adiniz, yetkili kisi, ilgili
kisi, yetkili adi, adiniz, ad soyadiniz, اسمك الكامل, اسم جهة الاتصال, اسم صاحب الطلب, 고객명, 신청자명, 신청자,
성함을, 이름을, 예약자명, 문의자, 문의자명, 작성자,
hoe mogen we je noemen, hoe mogen we u noemen, comment devons nous vous appeler, comment peut on vous
appeler, como te llamamos, como podemos llamarte, como podemos chamar voce, come possiamo chiamarti, wie
durfen wir dich nennen, wie sollen wir sie nennen, jak mozemy sie do ciebie zwracac, what can we call you,
how should we address you, who should we contact, who is enquiring,
представьтесь, представьтесь пожалуйста, name of person, who is this for, requested by, nome e cognome
referente, nome del contatto, השם המלא, name title, full name first last
"""

NAME = """
name, names, fio name, nombre, nombres, nome, nomes, nom, noms, naam, namn, navn, שם, השם, שמך, имя,
jmeno cele, isim, adiniz, اسم, اسمك, إسم, namen,
isminiz, ismim
"""
"""A name of which the other fields decide whether it is the whole or a half of it."""
