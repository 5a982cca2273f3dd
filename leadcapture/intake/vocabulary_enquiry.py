"""What people call the company and the message, and the words that look like a field of ours and are not."""

COMPANY = """
company, company name, companyname, name of company, business, business name, businessname, organisation,
organization, organisation name, organization name, name of organisation, name of organization, firm,
firm name, employer, org, orgname, startup, startup name, company organisation, company organization,
company or organisation, legal entity, brand, account name, company business name,
company name if applicable, name of business, trading name, company title,
empresa, nombre de la empresa, nombre de empresa, nombre empresa, nombre de tu empresa,
nombre de su empresa, negocio, razon social, compania, organizacion, nombre del negocio, organizacao,
nome da empresa, nome empresa, companhia, razao social, nome da sua empresa,
entreprise, societe, nom de l entreprise, nom de la societe, nom de votre entreprise, nom de votre societe,
nom entreprise, nom societe, organisme, raison sociale, structure, nom de l organisation,
entreprise societe, nom de la structure, firma, firmenname, unternehmen, unternehmensname,
name des unternehmens, name der firma, name ihrer firma, name ihres unternehmens,
betrieb, firma unternehmen, organisationsname, name deiner firma, name deines unternehmens,
azienda, societa, ragione sociale, nome azienda, nome dell azienda, nome della societa, nome societa,
ditta, impresa, nome della tua azienda, denominazione, organizzazione,
bedrijf, bedrijfsnaam, organisatie, onderneming, naam bedrijf, naam van je bedrijf, naam van uw bedrijf,
organisatienaam, nazwa firmy, organizacja, nazwa organizacji, przedsiebiorstwo, spolka,
nazwa przedsiebiorstwa, חברה, שם החברה, שם חברה, שם העסק, עסק, ארגון, שם הארגון, החברה, מקום עבודה, שם עסק,
компания, организация, название компании, фирма, название организации, наименование организации,
ваша компания, предприятие, 会社名, 会社, 企業名, 御社名, 貴社名, 法人名, 組織名, 団体名, 会社名 団体名,
貴社名 団体名, 勤務先, お勤め先, 屋号, 会社 団体名, 社名, 公司, 公司名称, 公司名, 企业, 企业名称, 单位,
单位名称, 贵公司, 公司名稱, 企業, 企業名稱, 機構名稱, 單位名稱, 机构名称, 公司全称, 公司抬頭,
foretag, foretagsnamn, bolag, virksomhed, virksomhedsnavn, virksomhetens navn, bedrift, firmanavn,
firmanamn, spolecnost, nazev spolecnosti, nazev firmy, sirket, sirket adi, firma adi, kurum, isletme adi,
yritys, organisaatio, firmaniz, شركة, اسم الشركة, مؤسسة, اسم المؤسسة, جهة العمل, جهة, منشأة, اسم المنشأة,
회사, 회사명, 기업명, 업체명, 소속, 단체명, 상호,
brand company, agency name, agency, business company name, business or organisation, business or
organization, company or team name, company team, where do you work, who do you work for, who do you work
with, institution, institution name, establishment, firm or company, company you represent, org name, co
name, corporation, entity name, venture name, entidad, nombre comercial, empresa u organizacion,
institucion, empresa o institucion, nombre de la compania, nombre de la organizacion, instituicao, nome
fantasia, nome do negocio, nome da organizacao, nome da instituicao, compagnie, etablissement, enseigne,
nom de la compagnie, employeur, nom de l etablissement, nom commercial, denomination sociale, firma
institution, arbeitgeber, firmenbezeichnung, einrichtung, unternehmen organisation, verein, ihre firma,
ente, azienda ente, nome dell ente, nome attivita, nome della ditta, nome dell organizzazione, studio
professionale, werkgever, naam onderneming, naam organisatie, naam van uw organisatie, bedrijf
organisatie, pracodawca, instytucja, firma organizacja, באיזו חברה, שם החברה עסק, שם חברה ארגון, юрлицо,
юридическое лицо, название бизнеса, наименование компании, бизнес, в какой компании, название фирмы,
учреждение, 所属, ご所属, 事業者名, 所属企業, ご勤務先, 会社 屋号, お勤め先名, 店舗名, 学校名 会社名, 机构,
公司机构, 组织名称, 组织, 所在单位, 品牌名称, 公司或品牌,
貴公司, 店名, foretagets namn, verksamhet, arbetsgivare, virksomhedens navn, selskab, selskabets navn,
arbejdsplads, arbeidsgiver, selskap, bedriftsnavn, virksomhet, organisasjon, navn pa bedrift, bedriftens
navn, navn pa virksomhet, foretakets navn, foretak, sirketiniz, sirketinizin adi, sirket ismi, firma ismi,
kurum adi, kurumunuz, calistiginiz sirket, isyeri, شركتك, اسم شركتك, اسم الجهة, اسم المنظمة, منظمة, 기관명,
기관, 소속 회사, 회사 이름, 회사 단체명, 상호명, 브랜드명,
סטארטאפ, הסטארטאפ, סטארט אפ, стартап, スタートアップ, 初创公司, 스타트업, شركة ناشئة,
貴司名稱, 貴司, 贵司, 贵司名称
"""

MESSAGE = """
message, your message, messages, textarea, long answer, long text answer, multi line, multiline, multi line
long text, paragraph text, how can, how may, what can we,
anything, what is your enquiry about, what would you like to know, what do you need help with,
about your enquiry,
message or question, message to us, additional message, enquiry details, inquiry details, enquiry message,
comment, comments, enquiry, inquiry, enquiries, inquiries, question,
questions, notes, note, remarks, description, details, body, msg, additional information, additional info,
additional comments, more information, other information, how can we help, how can we help you,
how may we help, how may we help you, what can we do for you, tell us, tell us more,
tell us about, anything else, special requests, special requirements, requirements, requirement, request,
your request, your enquiry, what are you looking for, describe, additional notes, additional details,
project description, project details, feedback, reason for contact, reason for enquiry, query, your query,
questions or comments, comments or questions, your needs, needs,
anything else we should know, what do you need, how can we assist you, how can we assist, more details,
message body, free text, question comments, questions comments, help text, contact message, textmessage,
yourmessage, mensaje, comentario, comentarios, consulta, consultas, tu mensaje, su mensaje, observaciones,
pregunta, preguntas, informacion adicional, en que podemos ayudarte, en que podemos ayudarle,
como podemos ayudarte, como podemos ayudarle, cuentanos, cuentanos mas,
dejanos tu mensaje, solicitud, necesidades, detalles, descripcion, que buscas, que necesitas,
mensagem, comentarios adicionais, observacoes, duvida, duvidas, pergunta, perguntas, como podemos ajudar,
sua mensagem, solicitacao, descricao, conte nos, fale conosco, detalhes, informacoes adicionais,
votre message, commentaire, commentaires, remarque, remarques, demande, votre demande,
questions et commentaires, precisions, comment pouvons nous vous aider, votre besoin, besoins,
votre projet, informations complementaires, parlez nous de votre projet,
que pouvons nous faire pour vous, details de votre demande, objet de votre demande,
nachricht, ihre nachricht, deine nachricht, kommentar, anfrage, ihre anfrage, bemerkung, bemerkungen,
mitteilung, anmerkung, anmerkungen, frage, fragen, wie konnen wir helfen, wie konnen wir ihnen helfen,
was konnen wir fur sie tun, anliegen, ihr anliegen, dein anliegen,
nachrichtentext, beschreibung, wunsche, sonstiges, weitere informationen, wie koennen wir helfen,
wie konnen wir dir helfen, freitext, messaggio, il tuo messaggio, commento, commenti, richiesta,
la tua richiesta, note aggiuntive, domanda, domande, come possiamo aiutarti, come possiamo aiutarla,
raccontaci, richieste, descrizione, testo del messaggio, scrivi il tuo messaggio,
bericht, uw bericht, je bericht, opmerking, opmerkingen, vraag, vragen, jouw vraag, uw vraag, toelichting,
aanvraag, boodschap, waarmee kunnen we je helpen, waarmee kunnen we helpen, hoe kunnen we helpen,
omschrijving, vragen of opmerkingen, vraag of opmerking, wiadomosc, tresc, tresc wiadomosci, komentarz,
uwagi, zapytanie, pytanie, twoja wiadomosc, opis, w czym mozemy pomoc,
jak mozemy pomoc, dodatkowe informacje, tresc zapytania, pytania,
הודעה, ההודעה, תוכן ההודעה, תוכן הפניה, תוכן הפנייה, הערות, איך נוכל לעזור, במה נוכל לעזור, פרטים נוספים,
תוכן, פנייה, פניה, בקשה, הודעתך, ההודעה שלך, ספרו לנו, שאלה,
сообщение, комментарий, комментарии, вопрос, ваш вопрос, ваше сообщение, текст сообщения, примечание,
пожелания, запрос, текст, чем мы можем помочь, чем можем помочь, описание, дополнительная информация,
ваш запрос, опишите, расскажите, メッセージ, お問い合わせ内容, お問合せ内容, お問い合わせ, 内容, ご質問,
ご要望, 備考, コメント, ご相談内容, 本文, メッセージ本文, ご質問内容,
お問い合せ内容, 質問, その他ご要望, ご意見, 備考欄, ご用件, 留言, 消息, 信息, 备注, 咨询内容, 留言内容,
您的留言, 问题, 需求, 您的需求, 具体需求, 訊息, 備註, 諮詢內容, 留言內容, 查詢內容, 查询内容,
問題, 詢問內容, 聯絡內容, 內容, 需求描述, 詳細內容, 您的訊息, 讯息, 意見, 需求說明, 需求说明,
meddelande, ditt meddelande, besked, besked til os, melding, din melding, foresporgsel, foresporsel,
kommentarer, bemaerkninger, fraga, fragor, ovrigt, meddelelse, beskrivelse,
zprava, vase zprava, dotaz, poznamka, text zpravy, mesaj, mesajiniz, notlar, aciklama, sorunuz, yorum,
viesti, رسالة, رسالتك, رسالتك لنا, ملاحظات, استفسار, نص الرسالة, تعليق, تفاصيل, محتوى الرسالة,
كيف يمكننا مساعدتك, استفسارك, طلبك, 메시지, 문의내용, 문의 내용, 문의사항, 내용 문의, 문의, 요청사항, 비고,
상담내용, 남기실 말씀,
describe your, describe us, further details, further information, specific requirements, additional
requests, like to discuss, like to add, want to discuss, what brings you, in your own words, your
thoughts, your story, about you, about yourself, what are your needs, share anything, is there anything,
what do you want to know, reason for your enquiry, reason for your inquiry, purpose of your enquiry, the
nature of your enquiry, nature of enquiry, explain, elaborate, any other, comments questions, memo,
remark, algo mas, describe tu, describa su, notas, que estas buscando, que esta buscando, explicanos, deja
tu mensaje, deja un comentario, motivo de contacto, motivo de la consulta, tus necesidades, mas
informacion, otros comentarios, dudas, duda, descreva, que voce procura, o que procura, em que podemos
ajudar, no que podemos ajudar, fale mais, gostaria de acrescentar, pedido, mais informacoes, outras
informacoes, motivo do contato, motivo do contacto, conte nos mais, nos conte, escreva, dites nous, dites
nous en plus, que recherchez vous, autre chose, decrivez, autres informations, autres precisions,
informations supplementaires, expliquez nous, parlez nous, racontez nous, en quelques mots, motif de votre
demande, contenu du message, texte du message, mitteilen, worum geht es, wonach suchen sie, wonach suchst
du, was suchen sie, was suchst du, erzahlen sie uns, erzahl uns, haben sie noch fragen, ihre fragen,
zusatzliche informationen, weitere angaben, besondere wunsche, sonstige, beschreiben sie, beschreibe, was
durfen wir fur sie tun, wie konnen wir, wie durfen wir helfen, wie darf ich helfen, noch etwas,
hinweise, notiz, notizen, ihr vorhaben, was benotigen sie, grund ihrer anfrage, informazioni aggiuntive,
ulteriori informazioni, altre informazioni, descrivi, descrivici, di cosa hai bisogno, cosa stai cercando,
cosa cerchi, altre richieste, le tue esigenze, esigenze, aggiungere altro, dettagli, testo, come possiamo,
in cosa possiamo, raccontaci di piu, osservazioni, extra informatie, vertel ons, wat zoek je, wat zoekt u,
bijzonderheden, aanvullende informatie, waar kunnen we, hoe kunnen we, nog iets kwijt, wensen, omschrijf,
meer informatie, vertel meer, stel je vraag, overige, aanvulling, opisz, czego szukasz, czego
potrzebujesz, opis potrzeb, opowiedz, dodatkowe uwagi, dodatkowy opis, inne uwagi, wiadomosc do nas,
notatki, potrzeby, tresc pytania, טקסט חופשי, מה אתם מחפשים, מה את ה מחפש, כתבו לנו, כתוב לנו, במה אפשר
לעזור, תיאור הפנייה, תיאור, שאלות, מידע נוסף, איך אפשר לעזור, הערה, מה תרצו לדעת, בקשות מיוחדות, что вы
ищете, задайте вопрос, ваши вопросы, вопросы, чем можем быть полезны, заметки, ваши пожелания, расскажите
о, опишите вашу, задача, ваша задача, примечания, текст обращения, обращение, подробности, дополнительно,
自由記述, 自由記入欄, 連絡事項, その他, 詳細, お困りごと, お困り事, 通信欄, 具体的な内容, ご連絡事項,
ご要望など, ご質問等, 特記事項, お問い合わせ詳細, ご相談, 補充說明, 其他说明,
其他說明, 说明, 說明, 想了解什么, 想了解什麼, 有什么可以帮您, 附加信息, 补充说明, 其他需求, 其他要求, 特殊要求,
您想咨询的内容, 諮詢事項, 我们能为您做什么, hur kan vi,
vad soker du, vad kan vi, beratta, beskriv, onskemal, ovrig information, mer information, din fraga,
hvordan kan vi, yderligere oplysninger, hvad kan vi, fortael os, hvad leder du efter, sporgsmal, sporsmal,
uddyb, onsker, hva kan vi, fortell oss, hva ser du etter, hva trenger du, andre opplysninger, annet,
beskjed, eklemek istedikleriniz, eklemek istediginiz, talebiniz, ek bilgi, ek bilgiler, ek notlar,
ihtiyaciniz, ihtiyaclariniz, mesajinizi, ne ariyorsunuz, gorusleriniz, gorus, yorumunuz, yardimci
olabiliriz, istekleriniz, sorulariniz, detaylar, أخبرنا عن, احتياجاتك, ملاحظة, استفسارات, طلب, تفاصيل
الطلب, كيف نساعدك, كيف يمكننا, أسئلة, 내용, 하고 싶은 말, 메모, 궁금한 점, 궁금하신 점, 상담 내용, 기타,
기타 문의, 기타 요청사항, 추가 요청사항,
남기실 말, 전달 사항, 전달사항, 의견, 문의 사항을, 질문, 질문사항,
كيف نقدر نخدمك, كيف نخدمك, quel est votre projet, parlez nous de vous,
write to us, write us, scrivici, napisz do nas, напишите нам, напишіть нам, ecrivez nous, schreiben sie
uns, schreib uns, schrijf ons, escribenos, comentanos, escreva nos, skriv til oss, skriv till oss, skriv
til os, что вас интересует, was konnen wir fur, wat kunnen we voor, o que podemos, que pouvons nous, what
you re looking for, what you are looking for, looking for, your question, some details, mas detalles, mais
detalhes, plus de details, mehr details, piu dettagli, meer details, wiecej szczegolow, conte um pouco,
algo mais, dicci di piu, eventuali note, waar ben je naar op zoek, op zoek, vertel iets, dodatkowe
wymagania, twoje oczekiwania, oczekiwania, expectations, your expectations, erwartungen, attentes, vos
attentes, ספר לנו, ספרי לנו, 詢問事項, 想对我们说的话, 想對我們說的話
"""

OTHER = """
company size, size of company, team size, company website, company address, company type,
company registration, company number, registration number, company url, company city, company country,
company role, company industry, business type, type of business,
business type of, business address, business centre, business center, business plan, business hours,
business size, vat number, vat, tax id, number of employees, number of people, number of desks, how many,
job title, jobtitle, title, role, position, occupation, profession,
job, department, function, seniority, website, web site, site, url, homepage, link, linkedin, linked in,
facebook, instagram, twitter, how did you hear, how did you hear about us, how did you find us,
where did you hear, source, referral, referral source, heard about us,
page name, page title, page url, page, form name, formname, form title, form id, event name, product name,
plan name, project name, campaign name, file name, filename, team name, space name, room name,
building name, location name, site name, city name, street name, country name,
school name, pet name, user name, username, login, nickname, middle name, middlename, middle,
middle initial, prefix, suffix, salutation, honorific, anrede, civilite, tratamiento, display name,
host name, domain name, source name, channel name, list name, tag name, owner name,
subject, topic, betreff, sujet, objet, asunto, assunto, oggetto, onderwerp, temat, נושא, тема, 件名, 主题,
主題, 标题, 題目, amne, emne, konu, موضوع, 제목, address, street, city, town, state, region, county,
country, postcode, post code, zip, zip code, zipcode, postal code, postalcode, location,
office, desk, desks, plan, membership, service, services, budget, date, time, day, month, year, start date,
move in date, tour date, age, gender, industry, sector, fax, fax number, extension, ext, consent, gdpr,
privacy, terms, agree, newsletter, marketing, subscribe, opt in,
message type, message subject, message title, comment subject, enquiry type, inquiry type, type of enquiry,
type of inquiry, request type, question type, phone type, phone country, phone country code, phone code,
country code, phone extension, email type, email opt in, email consent,
email preference, email preferences, email notifications, email updates, email marketing, email newsletter,
email subject, emailsubject, email sender, contact method, preferred contact, preferred contact method,
contact preference, best time to call, time to call, call time, preferred time,
puesto, cargo, sitio web, pagina web, como nos conociste, ciudad, direccion, tamano de la empresa,
tamano empresa, numero de empleados, tipo de empresa, sector de la empresa, web de la empresa,
cargo en la empresa, puesto en la empresa, poste, fonction, site web, ville, adresse,
taille de l entreprise, comment nous avez vous connu, nombre de postes, nombre de personnes,
nombre de salaries, secteur d activite, numero de tva, cargo na empresa, tamanho da empresa,
numero de funcionarios, cidade, endereco, segmento da empresa, site da empresa, ramo da empresa,
stelle, beruf, webseite, ort, stadt, strasse, plz, unternehmensgrosse, firmengrosse, anzahl mitarbeiter,
wie haben sie von uns erfahren, branche, firmenadresse, firmensitz, funktion, anzahl personen,
firmengroesse, ruolo, sito web, citta, indirizzo, dimensione azienda, numero di dipendenti, settore,
come ci hai conosciuto, ruolo in azienda, settore azienda, functie, website bedrijf, plaats, adres,
bedrijfsgrootte, aantal medewerkers, aantal personen, hoe heb je ons gevonden, bedrijfsadres,
stanowisko, strona internetowa, miasto, wielkosc firmy, liczba pracownikow, adres firmy, strona firmy,
branza firmy, תפקיד, אתר, אתר אינטרנט, עיר, כתובת, גודל החברה, מספר עובדים, תחום עיסוק, איך שמעתם עלינו,
תחום החברה, כתובת החברה, должность, сайт, город, адрес, размер компании, количество сотрудников,
откуда вы о нас узнали, сайт компании, адрес компании, сфера деятельности,
役職, 部署, 部署名, ウェブサイト, 住所, 会社住所, 業種, 従業員数, ご住所, 会社hp, 会社url, 会社規模,
フリガナ, ふりがな, カナ, お名前 フリガナ, 氏名 フリガナ, 职位, 网站, 城市, 地址, 公司规模, 公司地址,
公司网址, 行业, 職位, 職稱, 網站, 公司規模, 公司網址, 人数, 人數, 公司电话地址, 部门, 部門,
stilling, webbplats, hemsida, pozice, web spolecnosti, unvan, pozisyon, sirket buyuklugu, web sitesi,
مدينة, وظيفة, مسمى الوظيفي, موقع, عنوان, حجم الشركة, 직책, 직급, 부서, 회사 규모, 주소, 홈페이지, 회사주소,
회사규모, 직함,
comment nous avez vous, comment avez vous, comment nous, ou nous avez vous, company or personal, email
frequency, name badge, name on badge, badge name, event, 種別, 項目, お問い合わせ種別, お問い合わせ項目,
所属部署, お問い合わせ区分, 部署
役職, 業種 職種, 職種, 会社電話, 种类, 類型, 类型, 公司类型, 公司行业, 公司性质, 微信, 微信号, wechat, 推荐码,
문의 유형, 문의유형, 문의 종류, 기타 주소, 회사 주소,
소속 부서, 소속부서, 내용 유형, 기업 규모, 회사 홈페이지, naam evenement, name der veranstaltung, sms consent,
sms opt in,
contact number type, betreff der nachricht, art der anfrage, anfrageart, grund, type de demande, tipo de
consulta, tipo de solicitud, tipo de mensaje, tipo di richiesta, soort aanvraag, rodzaj zapytania, тип
запроса, вид запроса, סוג הפנייה, سوع الطلب, نوع الطلب, نوع الاستفسار, org number, organisationsnummer,
orgnr, organizational unit, institution type, where do you work from, where do you want to work,
institution size,
email domain, company email domain, お問い合わせの種類, 種類, 文の種類
"""
"""Looks like one of our fields, and is another thing: kept by its label alone."""

SOMEONE_ELSE = """
friend, friends, colleague, colleagues, referee, referrer, referred, refer, referral code, assistant,
recipient, recipients, sender, owner, payment, payer, cardholder, card, emergency, manager, landlord,
agent, broker, guest of, spouse, partner name, partner email, partner phone,
partner, host, from name, fromname, cc, bcc, bookkeeper, salesperson, sales rep, assigned, assignee,
author, inviter, invited by, account owner, amigo, amiga, ami, amie, freund, amico, vriend, znajomy, друг,
друга, חבר, 紹介者, 推荐人, 推薦人, empfehlung, parrain,
emergency contact, next of kin, notfallkontakt, contacto de emergencia, contatto di
emergenza, contact d urgence, amigos, freundin, freundes, kolega, kollege, kollegin, kollegen,
collegue, collega, colega, companero, ystava, arkadas, arkadasiniz, صديق, 친구, 朋友,
友人, お友達, supervisor, boss, reports to, guardian, teammate, team mate, coworker, second person,
additional guest, additional attendee, plus one, account executive, account manager,
site owner, webmaster, admin, administrator, debug, ansprechpartner
intern, vertriebler, vendedor, vendeur, verkoper
"""
"""The person whom these name is not the one who writes to us."""

LESS_LIKELY = """
billing, invoice, invoicing, accounts, accounting, secondary, alternative, alternate, other, second, backup,
rechnung,
facture, facturacion,
payable, work alternative, altern, zweite, deuxieme, segundo, segunda, secundario, secondaire, secundaire,
altro, andere, weitere, autre, druga, drugi, дополнительный, второй, office phone, company phone,
switchboard
"""
"""A second address or number: used when there is no first one."""

QUALIFIERS = """
your, my, the, a, an, please, enter, provide, give, us, what, whats, what s, which, who, is, s, are, you,
we, may, can, call, called, should, do, does, of, for, from, with, at, to, and, or, work, works, represent,
representing, on behalf, behalf, field, required, optional, input, form, text, contact, customer, client,
lead, visitor, applicant, enquirer, primary, main, full, legal, person, if, any, applicable, have, one, in,
yes, complete, new, tell, know, preferred, hi, hello, hey, there, let, lets, start, started, ok, great,
thanks, thank, so, by, be, how, data, details, value, answer, response, question, wpforms, cf, frm,
txt, tb, fld, no, label, obligatorio, obligatoire, pflichtfeld, verplicht, wymagane, required field,
mandatory, individual, personal, registered, trading, su, tu, tus, sus, el, la, le, les, de, del, da, dos,
das, o, os, votre, vos, ton, ta, l, d, n, seu, sua, teu, il, tuo, tua, vostro, vostra, suo, lo, un, una,
ihr, ihre, ihren, ihrer, ihres, dein, deine, deinen, der, die, des, den, bitte, wie, ist, lautet, heissen,
uw, je, jouw, jullie, het, een, van, twoj, twoja, twoje, pana, pani, ваш, ваша, ваше, вашу, вашей, вашего,
свое, введите, укажите, как, din, ditt, dit, vas, vase, vaše, senin, sizin, cual, es, como, te, llamas,
quel, quelle, est, comment, vous, appelez, qual, e, seu nome, que, se, chama, como se, שלך, שלכם, את, ご,
お, 您的, 你的, 请输入, 請輸入, ご入力, id, hidden, user,
et, pb, mf, listing, ff, nf, jform, elementor, divi, qual, item, meta,
opcional, opcionalmente, obrigatorio, facultatif, facultative, optionnel, optionnelle, requis,
freiwillig, pflichtangabe, pflicht, erforderlich, facoltativo, facoltativa, opzionale,
obbligatorio, obbligatoria, optioneel, optionele, verplicht veld, opcjonalnie, opcjonalne, opcjonalny,
wymagany, pole, nieobowiazkowe, לא, חובה, אופציונלי, שדה, необязательно, обязательно, опционально, по,
желанию, 必須, 任意, 必填, 选填, 選填, 可选, 漢字, 全角, 半角, ハイフンなし, 필수, 선택, 입력해주세요, 입력해,
입력, 주세요, 알려주세요, 적어주세요, 입력하세요,
필수입력, valfritt, obligatorisk, valgfri, valgfritt, vapaaehtoinen, pakollinen, nepovinne, povinne, zorunlu,
istege, bagli, اختياري, مطلوب, إلزامي, أدخل, ادخل, يرجى, ادخال, trabajas, trabaja, llama, escribe,
introduce, introduzca, indica, indique, ingresa, ingresa tu, ingrese, escriba, en, con, quien, nos, donde,
para, voce, trabalha, digite, informe, insira, coloque, na, em, nome do, dans, travaillez, pour, indiquez,
saisissez, saisir, renseignez, entrez, laissez, nous, ecrire, ecrivons, appelle, ou, sur, heisst, fur,
fuer, welches, welche, welcher, welchem, arbeiten, arbeitest, sie, du, unter, erreichen, erreichst, wir,
geben, gib, ein, angeben, angabe, eintragen, dich, dir, ihnen, man, bei, von, zum, per, quale, lavori,
lavora, come, chiami, chiama, inserisci, inserire, indicare, scrivi, vuoi, di, wat, welk, werk, werkt,
voor, vul, typ, invullen, heet, kunnen, naar, bij, jak, nazywa, w, jakiej, pracujesz, podaj, wpisz,
prosze, twojej, twojego, panstwa, swoj, swoje, kontaktu, jaki, jaka, מה, באיזו, באיזה, אתה, את ה, עובד,
עובדת, ליצירת, קשר, לחזרה, נא, להזין, הזינו, הזן, שלי, של, вы, какой, какая, какое, в, работаете, для,
связи, или, и, укажите ваш, напишите, на, с, можно, нам, вас, вам, у, оставьте, vad, heter, vilket,
vilken, jobbar, arbetar, pa, ange, skriv, mitt, min, hvad, hedder, hvilken, hvilket, arbejder, indtast,
hva, jobber, oppgi, skriv inn, nar, nas, vi, mika, on, sinun, teidan, anna, jake, jaky, uvedte, zadejte,
nedir, girin, giriniz, lutfen, yazin, size, ne, ما, هو, هي, ماهو, من, فضلك, الرجاء, 请, 請, 您,
填写, 填寫, 输入, 輸入, を, の, に, は, 入力, ください, 入力してください, をご入力ください, 귀하의, inf,
custom, acf, gf, nfd, et pb,
contactform, wsf, ws, uf, crm, mkto, lead gen, leadgen, attribute, prop, property, column, col, fieldset,
sf, hs, hubspot, mc, mce, merge, ct, mauticform, ninja, forminator, happyforms, everest, kadence, bricks,
breakdance, otter,
vienes, eres, formas, parte, perteneces, representas, vens, vem, representa, pertence, represente,
representez, venez, kommst, kommen, vertreten, vertrittst, kom, kom je, vandaan, vertegenwoordig,
provieni, rappresenti, reprezentujesz, представляете, مؤسستك, 대표하는, from which, behind, part,
hola, bonjour, hallo, ciao, hej, oi, ola, czesc, привет, здравствуйте, היי, שלום, אהלן, مرحبا, 你好, 您好,
안녕하세요, こんにちは, או, oder, lub, eller, tai, nebo, veya, vagy, sau, або, 또는, 或, または, أو, y, und, och, og,
ja, ve, και, si, та, і, 및, 和, と,
current, requerido, requerida, actual, cliente, demandeur, solicitante, kunden, klienta, falls, vorhanden,
zutreffend, applicabile, presente, si applicable, dotyczy, jesli, если, есть, если есть, enquiring,
requested, onde, entreprise ou, submit, przedstaw, הלקוח, שאלה לגבי, bevestiging, confirmation,
rueckfragen, ruckfragen, erreichbarkeit, vorwahl, mit, zu, contact us, freelance, autonomo, freelancer,
selbststandig, independant, zzp, jdg, ип, ch, etc, e g, eg, ex, z b, bijv, np, por ejemplo, par exemple
"""
"""Words that may stand around a name without changing whose it is."""

EXACT_ONLY = """
ad, first, last, second name, body, note, notes, details, request, requests, requirement,
requirements, needs, need, structure, brand, org, description,
question, questions, query, feedback, remarks, remark, content, portable, mel, cep, fone, recapito, 名, 姓,
성, describe, tel, cell, reply to, replyto, demande, richiesta, richieste, solicitud, anfrage, frage,
fragen, opis, tresc, вопрос, запрос, текст, 内容, תוכן, בקשה, פנייה, עסק, business, account name,
detalles, besoins, 信息, 问题, 需求, 問題, 意見, 単位, 单位, お名前 名, gsm, enterprise, mail, post, handy,
mobil, movil, ditta, impresa, imya, 文, 企業, 企业, 社名,
your story, agency, institution, establishment, entity name, notas, duda, dudas, pedido, testo, dettagli,
hinweise, esigenze, ente, enseigne, studio, numero, nummer, номер, 번호, رقم, contato, contacto, ご連絡先,
連絡先,
sms, その他, 詳細, 说明, 說明, 기타, 메모, annet, explain, memo, adiniz, дополнительно, задача, бизнес, טל,
תיאור,
הערה, tarif, wensen, overige, potrzeby, notatki, notiz, notizen, sonstige, contenu, osservazioni, event,
grund, 機構, 机构, 组织, 所属, ご所属, 店名, 店舗名, referente, who are you, 질문, 의견, requester, verein,
einrichtung, corporation, dane kontaktowe, iletisim, arbejdsplads, isyeri, verksamhet, onsker,
talebiniz, طلب, 组织名称, uddyb, elaborate, detaylar,
entidad, compagnie, 負責人, 申请人,
작성자, 문의자, 신청자, contatto telefonico, foretak,
given, family,
type, kind, requested by, your question, eventuali note
"""
"""Too common a word to count when it stands among others."""
