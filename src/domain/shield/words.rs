//! The words that the rules are made of, in the languages that cheats were seen in.

/// What a word stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum Sense {
    /// Hand money over.
    Give,
    /// What is to be paid: a fee, a deposit.
    Fee,
    /// The work depends on it.
    Gate,
    /// It is said to come back, with more.
    Back,
    /// Put money into an account of theirs.
    Fund,
    /// What such accounts are good for.
    Mission,
    /// A cheque.
    Cheque,
    /// Gift cards and vouchers.
    Card,
    /// Get hold of.
    Get,
    /// What is on the card.
    Code,
    /// Crypto-money.
    Coin,
    /// Where it is to go, and what for.
    Purse,
    /// The key to a purse.
    Seed,
    /// Tell, send, show it to us.
    Ask,
    /// Other places to talk.
    Messenger,
    /// A link into one of them.
    Invite,
    /// Come and talk.
    Contact,
    /// A mailbox that anybody can have.
    Mail,
    /// Not here.
    Away,
    /// Where commands are typed.
    Shell,
    /// Put it in.
    Paste,
    /// What fetches a program and runs it.
    Pipe,
    /// Programs that hand the screen to somebody.
    Remote,
    /// Guards of a machine.
    Guard,
    /// Switch off.
    Off,
    /// Bring a program in.
    Bring,
    /// What is nobody's business.
    Secret,
    /// Papers.
    Paper,
    /// Pictures of them.
    Shot,
    /// Hand over for a time.
    Rent,
    /// What is handed over.
    Account,
    /// For so much a week.
    Pays,
    /// In somebody's place.
    Proxy,
    /// Take in.
    Receive,
    /// Money that is not the worker's.
    Funds,
    /// Goods.
    Parcel,
    /// Pass on.
    Forward,
    /// A bank.
    Bank,
    /// Come by.
    Earn,
    /// In so short a time.
    Per,
    /// And nothing to it.
    Easy,
    /// It enters the sentence as something to be written, drawn or mended.
    Craft,
    /// It says that this is not done.
    Never,
    /// An amount of a hundred or more.
    Much,
    /// Seven digits or more.
    Phone,
    /// `@name`.
    Handle,
}

use Sense::*;

/// Words of a sense, divided by `;`. A `*` at the end takes any ending. A blank in a phrase may also be nothing. Scripts that are
/// written without blanks are found anywhere.
pub(super) const WORDS: &[(Sense, &str)] = &[
    (
        Give,
        "pay;pays;paid by;payable;transfer;send;wire;settle;cover;put down;purchase;buy;spend;remit*;paying;sending;own money;\
        payment of;friends and family",
    ),
    (Give, "pagar;paga;pague;transfiere;transferir;enviar;envia;hacer un;haz un;faca um;ingresa;abona*;deposita*;depositar"),
    (
        Give,
        "uberweis*;zahlen;zahle;zahlung;bezahl*;entrichten;einzahl*;verser;versez;payez;payer;reglez;versare;versa;paga;pagare",
    ),
    (Give, "внес*;оплат*;заплат*;переведите;перечисл*;yatirin;gonderin;odeyin;bayar;transfer;kirim;setor"),
    (
        Give,
        "जमा कर*;भेजें;भेजो;पेमेंट;देना;दें;भुगतान;交;缴纳;缴;垫付;支付;转账;付款;转;付;振り込*;支払*;払*;입금;송금;결제;دفع;ادفع;تحويل;تدفع",
    ),
    (
        Fee,
        "deposit*;fee;fees;bond;security amount;insurance;charge;charges;tax;starter kit;background check;certification;\
        verification payment;activation;registration;enrolment;enrollment;training kit;collateral;security money;joining amount;\
        id badge;uniform;caution money;own money",
    ),
    (
        Fee,
        "fianza;cuota;seguro;inscripcion;impuesto;tasa;caucao;taxa;deposito;kaution;gebuhr*;anmeldegebuhr*;registrierungsgebuhr*;\
        bearbeitungsgebuhr*;vermittlungsgebuhr*;aktivierungsgebuhr*;schulungsgebuhr*;\
        vorkasse;pfand;depot;frais;caution;cauzione;quota;tassa",
    ),
    (Fee, "залог*;взнос*;предоплат*;комиссию за;страхов*;depozito*;ucret*;biaya;jaminan"),
    (
        Fee,
        "फीस;शुल्क;डिपॉजिट;सिक्योरिटी;रुपये जमा;押金;保证金;报名费;培训费;服务费;会员费;本金;手续费;保証金;登録料;보증금;가입비;رسوم;تأمين;عربون",
    ),
    (
        Gate,
        "before;first;in advance;upfront;up front;advance;to start;to begin;to activate;activate*;unlock*;to withdraw;withdraw;\
        to confirm;to receive;to get the;to open;required;requires;needed;compulsory;mandatory;must;have to;minimum;otherwise;\
        reserved;onetime;one time;then your;so hr;before the;until you;prior to;to join;to be assigned;no refunds;you start",
    ),
    (
        Gate,
        "antes de;primero;para empezar;por adelantado;debes;tienes que;para desbloquear;para retirar;requiere;para ativar;primeiro;\
        para comecar;antes;vor arbeitsbeginn;im voraus;zuerst;bevor;um anzufangen;damit;sonst;einmalig*;vorab;avant;pour commencer;\
        d abord;prima di;per iniziare;primo",
    ),
    (Gate, "чтобы;сначала;перед;прежде;иначе;нужно;необходимо;baslamak;once;sebelum;untuk mulai;dulu;wajib;terlebih"),
    (
        Gate,
        "पहले;शुरू;जरूरी;अनिवार्य;बिना;先;之前;前需;需要;必须;才能;激活;后才;开始;不足;前に;必要;まず;시작 전;먼저;필요;للبدء;مقدما;قبل;يجب",
    ),
    (
        Back,
        "refund*;returned;pay back;paid back;pays you back;get it back;reimburs*;repaid;double*;commission*;cut of;profit*;\
        bonus*;salary;earnings;your first;guaranteed;matches it;start earning;earn;given back;get back;tasks;your shift;first job",
    ),
    (
        Back,
        "devolv*;reembols*;devuel*;ganancias;comision*;recibe tareas;de volta;em dobro;ganar;ganhar;salario;pago;zuruck*;\
        ruckerstatt*;lohn;gehalt;provision*;rembours*;salaire;gagner;rimbors*;stipendio;guadagn*",
    ),
    (Back, "верн*;возвра*;зарплат*;комисси*;вывод*;заработ*;iade;maas*;kembali;komisi;gaji;cair"),
    (Back, "वापस;सैलरी;कमाएं;कमीशन;返还;退还;返利;佣金;提现;工资;返;赚;返金;報酬;환급;급여;수당;راتب;ردها;استرداد;ارباح"),
    (
        Fund,
        "top up;topup;recharg*;add funds;adding funds;add balance;prepay*;fund the;fund your;charge your;load your;refill;\
        put money into;invest;invest only;account balance;task wallet;work wallet;working account;task account",
    ),
    (
        Fund,
        "recarga*;recarregue*;laden sie;aufladen;aufgabenkonto;ricarica*;rechargez;пополн*;isi saldo;yukley*;रिचार्ज;充值;垫付;预付;チャージ;충전",
    ),
    (
        Mission,
        "order;orders;commission*;withdraw*;vip;combo;mission*;lucky;set of;next set;sets;boosting;optimiz*;higher paying;\
        balance goes;negative;task;tasks;rating;ratings;guaranteed;returns;daily;profit*;capital;trading;frozen",
    ),
    (
        Mission,
        "tareas;pedidos;retirar;ganancias;tarefas;saque;aufgaben;auftrage;provision*;ausgezahlt;auszahl*;taches;retirer;\
        вывод*;заработ*;задани*;tugas;komisi;gorev*;टास्क;कमीशन;任务;提现;订单;做单;佣金;出金;출금",
    ),
    (Fund, "balance;account is frozen;earnings are frozen;are frozen;is frozen;congelad*;eingefroren;заморож*;冻结"),
    (Cheque, "cheque;check;cheques;checks;cashiers check;money order"),
    (
        Card,
        "gift card;gift cards;giftcard*;steam card*;steam gift;apple card*;apple gift;itunes;google play card*;play cards;\
        razer gold;vouchers;voucher;amazon card*;prepaid card*;vanilla card*;ebay card*",
    ),
    (
        Card,
        "tarjetas de regalo;tarjeta regalo;tarjetas regalo;geschenkkarte*;gutscheinkarte*;guthabenkarte*;cartes cadeau*;\
        carte cadeau;cartoes presente;cartao presente;vale presente;carte regalo;hediye kart*;kartu hadiah;подарочн*;карт оплаты",
    ),
    (Card, "गिफ्ट कार्ड;礼品卡;充值卡;点卡;苹果卡;ギフトカード;기프트 카드;بطاقات الهدايا;بطاقة هدايا"),
    (
        Get,
        "buy;buys;purchase;get;pick up;need;needs;needed;compra;compre;comprar;kaufen;kauf;achetez;acheter;acquista;compra;\
        купи*;приобрет*;belikan;beli;satin al*;खरीद*;购买;买;収集;購入;買って;구매;사서;اشتر*;شراء",
    ),
    (
        Code,
        "code;codes;pin;scratch*;photos of;pictures of;numbers on;backs;receipt;reimburse*;repaid;redemption;silver;codigo*;\
        codes;codigos;foto;fotos;код*;kode*;kod*;कोड;卡密;密码;拍照;双倍;コード;코드;رمز;الرموز",
    ),
    (
        Coin,
        "crypto*;bitcoin*;btc;usdt;eth;ethereum;tether;trx;trc20;coin;coins;tokens;binance;metamask;wallet;litecoin;solana;bnb;\
        billetera;criptomoneda*;cartera;крипто*;биткоин*;кошел*;wallets;क्रिप्टो;वॉलेट;比特币;虚拟币;钱包;泰达币;비트코인;ビットコイン",
    ),
    (
        Give,
        "deposit;fund;forward;convert;stake;swap;buy btc;top up;recharge;send 0;enviar;senden;sende;пришлите;отправьте;转到;打到",
    ),
    (
        Purse,
        "wallet address;address below;to the wallet;whitelist*;verify your;to verify;your wallet;our wallet;our pool;\
        task wallet;demo wallet;our treasury;our supplier;manager sends;guaranteed;return 1*;capital back;activate;copy my;\
        signals;arbitrage;first transfer;gas in;keep at least;approve the contract;payable in;so your account;from your own;\
        only copy;back in",
    ),
    (
        Purse,
        "tu billetera;unsere wallet;damit ihr konto;unser wallet;notre portefeuille;наш кошел*;подтверд*;激活;我们的钱包;हमारे वॉलेट;हमारे",
    ),
    (Seed, "seed phrase;recovery phrase;private key;mnemonic;secret phrase;frase semilla;助记词;私钥;сид фраз*"),
    (
        Ask,
        "send me;send us;share;give us;give me;tell me;tell us;provide;reply with;forward;read it back;read me;read us;email us;\
        enter your;enter;fill;what is your;upload;submit your;text me;hand over;we need;i need;we must check;required for;\
        confirm your;take pictures;you tell;verify your;log in to your;needed for;must provide;bring your;for us;import this;code to you",
    ),
    (
        Ask,
        "enviame;envianos;mandanos;manda;comparte;dime;dinos;necesitamos;facilita*;schicken sie;teilen sie;senden sie;geben sie;\
        nennen sie;envoyez*;donnez*;communiquez*;envie;mande;informe;passe;inviaci;invia;пришл*;отправ*;сообщ*;назов*;bagikan;\
        kirimkan;kirim;gonderin;paylas*",
    ),
    (Ask, "भेजें;भेजो;बताएं;दें;发给;发我;告诉;提供;发送;上传;送って;教えて;보내;알려;أرسل;ارسل;شارك"),
    (
        Messenger,
        "telegram*;whatsapp*;whats app;signal;discord;instagram;snapchat;wechat;line id;skype;viber;zalo;hangouts;\
        messenger;kik;imo;botim;tg;wickr;session app",
    ),
    (
        Messenger,
        "телегра*;телеге;тг;ватсап*;вотсап*;вайбер*;व्हाट्सएप;टेलीग्राम;व्हाट्सऐप;微信;飞机;qq;电报;lineを;line追加;텔레그램;카카오톡;카톡;واتساب;تيليجرام;تلغرام;تليجرام",
    ),
    (Invite, "t.me/;wa.me/;chat.whatsapp;discord.gg;telegram.me;bit.ly/;join.skype"),
    (
        Contact,
        "contact;contact me;message;message me;messages me;dm;dm me;add;reach;reach me;join;text me;text;write me;hit me up;\
        continue on;talk over;details;instruction*;apply;interview*;hr;recruiter;receptionist;manager;supervisor;admin;\
        click to chat;chat;only;ask for;start;ping;assigns;reply;gruppe;group;instant approval;invite;write to;get hired;open a ticket;\
        interested",
    ),
    (
        Contact,
        "escribeme;escribir;contacta*;aplicar;detalles;reclutador*;unete;melden;schreiben sie;bewerbung;kontakt*;contactez;\
        contacter;ajoutez;rejoignez;me chama;fale com;chame;gerente;entre em contato;пишите;напишите;подробности;\
        свяжитесь;номер в профиле;scrivimi;contattami;yazin;iletisim;hubungi;gabung;admin;lien he;nhan viec",
    ),
    (Contact, "मैसेज;जॉइन;संपर्क;ग्रुप;加;联系;添加;详聊;私聊;备注;領取;领取;追加;連絡;연락;추가;تواصل;انضم;للتواصل;راسلنا"),
    (Mail, "@gmail;@outlook;@hotmail;@yahoo;@gmx;@proton*;@mail.;@icloud;@yandex;@web.de;@aol;@zoho;dot com"),
    (Contact, "send your;email your;resume;cv;by mail;manda un correo;directly;directamente;direkt an;directement"),
    (
        Away,
        "outside of this;outside this;outside the platform;outside the app;outside the site;outside the website;outside the system;outside the market;\
        outside the marketplace;outside the chat;outside the page;outside of the platform;leave this platform;do not apply here;dont apply here;\
        not apply here;not use this site;never online here;skip the application;off platform;off the platform;dont reply here;\
        do not reply here;away from this site;avoid the fees;save the commission;not on this site;deal outside",
    ),
    (
        Away,
        "no respondas aqui;no respondemos aqui;fuera de la plataforma;hier antworten wir nicht;nicht uber die plattform;\
        ausserhalb der plattform;pas ici;en dehors de la plateforme;fora da plataforma;nao responda aqui;здесь не отвеча*;\
        вне платформы;qui non rispondo;buradan cevap;平台上不回复;这里不看;不在这里;こちらでは返信;여기서는 답장;لا نرد هنا",
    ),
    (
        Shell,
        "powershell;terminal;cmd;command prompt;console;windows r;win r;win+r;windows + r;ctrl+v;ctrl v;run dialog;command;line;\
        code below;consola;konsole;befehl;comando;commande;终端;命令;टर्मिनल;कमांड;терминал;командн*;команду;bookmark",
    ),
    (
        Paste,
        "paste;type;press;run;copy;execute;enter;hit enter;drag;pega;pegue;pulsa;ejecuta;cole;fugen sie;einfugen;drucken;\
        eingeben;collez;tapez;incolla;вставьте;введите;выполните;粘贴;输入;运行;回车;पेस्ट",
    ),
    (
        Gate,
        "verify you;are human;captcha;to fix;it fixes;before applying;test task;so that i can;so i can pay;after that;\
        access to the;payment error;unlocks;send me the result;para verificar;freigeschaltet;debloquer;проверку;验证;领取;\
        काम मिलेगा;so that we can;while you are signed in;while you are;collects the",
    ),
    (
        Pipe,
        "| bash;| sh;| iex;| sudo;iwr;iex;invoke webrequest;invokewebrequest;enc sq*;encodedcommand;frombase64*;mshta;|bash;\
        certutil;bitsadmin;| zsh;| powershell",
    ),
    (
        Remote,
        "anydesk;any desk;teamviewer;team viewer;rustdesk;ultraviewer;screenconnect;remote desktop;logmein;向日葵;quicksupport;\
        supremo",
    ),
    (Ask, "install;installa;instala;installieren;installez;установите;安装;download;code;id and password;give;share id;dime"),
    (
        Guard,
        "antivirus;anti virus;defender;firewall;macros;unknown sources;smartscreen;play protect;antivirenprogramm;антивирус;杀毒",
    ),
    (
        Off,
        "turn off;disable;disabling;deactivate;switch off;pause your;enable;allow;desactiva*;deaktivier*;desactivez;отключите;关闭;关掉",
    ),
    (
        Bring,
        "download;install;unzip;launch;attached;contract;apk;open the;keep it running;sideload;descarga;herunterladen;скачайте;\
        下载;docm;open it",
    ),
    (
        Secret,
        "password*;passcode;otp;verification code;one time code;digit code;sms code;code by sms;a code to your;the code;code that;\
        code you;cvv;cvc;pin;upi pin;online banking;banking username;login;log in details;credentials;cookies;session token;\
        social security;ssn;maiden name;date of birth;card number;card details;atm card;google voice;the card and;linked devices;bank through",
    ),
    (
        Secret,
        "contrasena;codigo que;codigo;clave;usuario y;tan;zugangsdaten;passwort;smscode;sms code;mot de passe;code recu;senha;\
        codigo de verificacao;codice;password;код из;код с;cvv;парол*;данные карты;kode otp;sifre;kata sandi",
    ),
    (Secret, "पासवर्ड;ओटीपी;验证码;密码;認証コード;暗証番号;パスワード;인증번호;비밀번호;رمز التحقق;كلمة المرور;كلمة السر"),
    (
        Paper,
        "passport;id card;identity card;drivers license;driver license;driving license;driver s iicense;ssn;national id;your id;\
        dni;pasaporte;personalausweis*;ausweis*;reisepass;carte d identite;passeport;rg e cpf;cpf;documento;паспорт*;ktp;kimlik",
    ),
    (Paper, "आधार;पैन कार्ड;身份证;护照;身分証;신분증;جواز;هوية"),
    (
        Shot,
        "photo*;selfie;front and back;picture*;scan;by email;both sides;holding it;upload;foto*;ambos lados;vorder*;recto;frente;\
        verso;фото;照片;正反面;फोटो;写真;사진;صورة;card details;interview",
    ),
    (
        Rent,
        "rent;renting;lease;sell;sell us;buy;lend;borrow;let us use;register a new;keep our;alquila;alquilar;alquilamos;mieten;\
        vermiete;vermieten;alugue;aluga;louez;louer;сдай*;аренд*;sewakan;sewa;kirala*;किराए;出租;租用;收购;租;貸して;대여",
    ),
    (
        Account,
        "account;accounts;profile;profiles;linkedin;upwork;uber;paypal;cuenta;konto;compte;conta;аккаунт*;akun;rekening;hesap*;\
        अकाउंट;खाता;账号;账户;微信号;银行卡;实名;アカウント;口座;계정;계좌;laptop at home;our laptop;a laptop",
    ),
    (
        Pays,
        "week*;month*;daily;per account;a week;verified;aged;with reviews;passive;you do nothing;do nothing;top price;after kyc;\
        pro woche;im monat;pro monat;passiv;por semana;por dia;par semaine;al mes;неделю;месяц;minggu;bulan;महीने;日结;高价;每月;每天;\
        you keep;30%;percent yours;per month;rent",
    ),
    (
        Proxy,
        "under your account;under your freelancer;under your name;under your profile;your freelancer account;proxy interview;\
        my proxy;become my proxy;with your face;work through it;through your account;for our account;kyc face;kyc for;\
        pass the video call;log in remotely;our team works;in your name;on your account;laptop farm",
    ),
    (
        Receive,
        "receive;receives;accept;incoming;comes to you;come to you;wire 2*;arrive*;get payments;recibe;reciba;annehmen;erhalten;\
        empfangen;recevez;recebe;receba;принима*;получа*;terima;收款;收到;代收;接收;into your;प्राप्त;प्राप्त करें",
    ),
    (
        Funds,
        "payment;payments;money;transfers;transfer;funds;wire;cash;checking account;bank account;transferencias;dinero;geld;\
        argent;virement*;dinheiro;перевод*;деньги;dana;uang;款;转账;pix;cash it;checking;पैसे",
    ),
    (Parcel, "parcel*;package*;electronics;goods;boxes;paquete*;paket*;colis;pacote*;посылк*;包裹"),
    (
        Forward,
        "forward*;pass it on;pass on;send it on;send it to;send it by;reship*;relabel*;ship them;ship it;western union;moneygram;\
        to our partners;wire the rest;on to our;reenvia*;weiterleit*;leiten es weiter;leiten;renvoy*;reexpedi*;reenvie;пересыл*;\
        дальше;teruskan;转给;转寄;转出;our vendor;the rest;our partners;labels are provided",
    ),
    (Bank, "bank;banking;banco;banque;банк*;बैंक;银行;銀行;은행;direct deposit;your account"),
    (
        Earn,
        "earn*;make;makes;salary;income;get paid;payout;gana;ganar;verdien*;gagne*;ganhe;заработ*;guadagna;kazan*;hasilkan;कमाएं;赚;収入;\
        수입;اربح;guaranteed;dollars daily",
    ),
    (
        Per,
        "per day;a day;daily;weekly;per week;a week;per hour;an hour;al dia;por dia;am tag;pro tag;par jour;в день;gunluk;per hari;\
        रोज;每天;日赚;一天;日給;하루;يوميا;every day;each day",
    ),
    (
        Easy,
        "no experience;no skill*;without experience;simple;easy;simply;anybody can;anyone can;minutes only;copy paste;like videos;\
        like youtube;click*;from your phone;part time;from home;sin experiencia;keine erfahrung;einfach*;sans experience;\
        sem experiencia;без опыта;tanpa pengalaman;कोई अनुभव;घर बैठे;无需经验;点赞;未経験;경험 없*;بدون خبرة;you do nothing;\
        instant payout;immediate payout",
    ),
    (
        Craft,
        "write;translate;draft;tagline*;slogan*;caption*;script;article;blog;essay;draw;logo;illustration;poster;design;explain;\
        summar*;proofread;dialogue*;headline*;description*;bounty;fix;unit test*;acceptance test*;chatbot;chatbots;telegram bot;discord bot;quiz;\
        newsletter;faq;transcri*;subtitle*;prompt;prompts;rewrite;label;annotat*;moderat*;flag;training data;red team;describe;\
        flashcard*;compose;letter;document;user stories;tutorial;sticker*;compare;review the;review a;record macro;broadcast;code review;",
    ),
    (Craft, "component;api;endpoints;refund policy;voice data;intents;anzeige schreiben;questions are answered;share buttons"),
    (
        Craft,
        "escribe;traduce;redacta;anuncio;titulares;schreibe;ubersetze;produkttext;ecris;redige;traduis;escreva;traduza;напиши;опиши;\
        переведи;scrivi;yaz;tulis;लिखें;अनुवाद;संदेश;写;翻译;书いて;書いて;써;اكتب;nachrichten fur;texto para;slogans;marketing",
    ),
    (
        Never,
        "never;refuses;refuse;we do not need;do not need;no deposit;no fee;no registration;without a deposit;no telegram;no whatsapp;\
        nobody should;must never;请勿;sin deposito;please do not ask;only on this platform;stay on the platform;through the platform only",
    ),
];
