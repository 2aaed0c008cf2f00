//! Ordinary writing of many scripts passes byte for byte, alone and mixed, and is never called suspicious.

use juggler::domain::Text;
use juggler::domain::text::Cap;

/// Words and short sentences as people write them, joiners, marks and selectors included.
const WRITING: &[(&str, &[&str])] = &[
    (
        "Arabic",
        &[
            "السلام عليكم",
            "اكتب خمسة شعارات لمقهى جديد",
            "مُحَمَّد",
            "بِسْمِ ٱللَّهِ",
            "الأجر ٢٥ دولارًا",
            "هل يمكنك المساعدة؟",
            "لغةٌ عربيّةٌ",
            "صندوق البريد، من فضلك",
            "شكرًا جزيلاً",
            "تصميم شعار",
            "ترجمة صفحة واحدة",
            "قِصَّة قصيرة",
            "٪١٠ خصم",
            "إلى اللقاء",
        ],
    ),
    (
        "Persian",
        &[
            "می‌خواهم",
            "کتاب‌ها",
            "نمی‌دانم",
            "خانه‌ام",
            "به‌روزرسانی",
            "پنج شعار بنویسید",
            "چه‌طور؟",
            "ترجمهٔ متن",
            "۲۵ هزار تومان",
            "گفت‌وگو",
        ],
    ),
    ("Urdu", &["آپ کیسے ہیں؟", "پانچ جملے لکھیں", "شکریہ", "ترجمہ کریں", "اُردو زبان"]),
    (
        "Hebrew",
        &[
            "שָׁלוֹם עוֹלָם",
            "כתוב חמש סיסמאות",
            "תודה רבה",
            "מה שלומך?",
            "תרגום של עמוד אחד",
            "בְּרֵאשִׁית",
            "צה״ל",
            "ג׳ירפה",
            "25 ₪ לשעה",
            "עברית וגם English",
            "סוף־סוף",
        ],
    ),
    (
        "Hindi",
        &[
            "नमस्ते दुनिया",
            "पाँच नारे लिखिए",
            "क्षत्रिय",
            "ज्ञान",
            "क्‍ष",
            "र्‍य",
            "श्री",
            "हिन्दी में अनुवाद",
            "₹२५ प्रति काम",
            "धन्यवाद",
            "कृपया मदद करें",
            "द्वितीय",
            "ट्रैक्टर",
            "स्त्री",
            "अँगूठी",
        ],
    ),
    ("Bengali", &["বাংলা ভাষা", "র‍্যাব", "পাঁচটি স্লোগান লিখুন", "ধন্যবাদ", "ক্ষমা", "জ্ঞান", "উৎসব"]),
    ("Tamil", &["தமிழ் மொழி", "ஐந்து வாசகங்கள்", "நன்றி", "ஸ்ரீ", "க்ஷ"]),
    ("Telugu", &["తెలుగు భాష", "ధన్యవాదాలు", "క్షమించండి", "ఐదు నినాదాలు"]),
    ("Kannada", &["ಕನ್ನಡ ಭಾಷೆ", "ಧನ್ಯವಾದ", "ರ‍್ಯ"]),
    ("Malayalam", &["മലയാളം", "നന്ദി", "അവൻ", "ക്ഷമ", "ന്‍"]),
    ("Gujarati", &["ગુજરાતી", "આભાર", "પાંચ સૂત્રો"]),
    ("Punjabi", &["ਪੰਜਾਬੀ", "ਧੰਨਵਾਦ"]),
    ("Sinhala", &["සිංහල", "ශ්‍රී ලංකාව", "ස්තූතියි"]),
    (
        "Chinese",
        &[
            "请写五条广告语",
            "咖啡店开业了。",
            "翻译一页文件，明天交。",
            "谢谢！",
            "繁體中文：設計一個標誌",
            "「引号」和《书名》",
            "价格：￥２５",
            "𠮷野家",
            "一二三四五六七八九十",
            "你好，世界",
        ],
    ),
    (
        "Japanese",
        &[
            "キャッチコピーを五つ書いてください。",
            "カフェの説明文",
            "ありがとう！",
            "ﾊﾝｶｸ ｶﾅ",
            "がぎぐげご",
            "か\u{3099}",
            "日本語と English",
            "「かぎ括弧」",
            "１０００円",
            "東京、大阪・京都",
            "コーヒー〜",
        ],
    ),
    (
        "Korean",
        &[
            "한국어 문장 다섯 개",
            "감사합니다!",
            "카페 광고 문구",
            "값이 얼마예요?",
            "번역 한 쪽",
            "안녕하세요 세계",
            "\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}",
            "ㅋㅋㅋ",
        ],
    ),
    ("Thai", &["สวัสดีชาวโลก", "เขียนคำโฆษณาห้าข้อ", "ขอบคุณครับ", "น้ำ", "ก็ที่", "ผู้ใหญ่", "๒๕ บาท", "ภาษาไทย"]),
    ("Lao and Khmer", &["ສະບາຍດີ", "ຂອບໃຈ", "ភាសាខ្មែរ", "អរគុណ", "ស្រី"]),
    ("Burmese and Tibetan", &["မင်္ဂလာပါ", "ကျေးဇူး", "བོད་སྐད།", "བཀྲ་ཤིས་བདེ་ལེགས།"]),
    ("Greek and Cyrillic", &["Γειά σου Κόσμε", "ἀρχή", "Пять слоганов, пожалуйста", "Ђурђевдан", "Україна — це Європа", "ё й"]),
    (
        "Latin",
        &[
            "Über fünf Größen",
            "déjà vu, garçon, cœur",
            "¿Qué tal? ¡Bien!",
            "Tiếng Việt có dấu",
            "Việt Nam: phở, bún chả",
            "İstanbul’da çay",
            "Łódź, żółw",
            "e\u{301}cole",
            "n\u{303}andu\u{301}",
            "Þór, æði",
            "ﬁve ﬂags",
        ],
    ),
    ("Georgian, Armenian, Amharic", &["გამარჯობა", "Բարեւ", "ሰላም ለዓለም", "ᏣᎳᎩ"]),
    (
        "Emoji",
        &[
            "👍",
            "👍🏽",
            "👩‍💻",
            "👨🏿‍🚀",
            "👩‍👩‍👧‍👦",
            "🧑🏻‍❤️‍💋‍🧑🏿",
            "🏳️‍🌈",
            "🏴‍☠️",
            "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
            "🇩🇪",
            "🇯🇵🇧🇷",
            "1️⃣",
            "#️⃣",
            "❤️",
            "❤️‍🔥",
            "☎︎",
            "☎️",
            "👁️‍🗨️",
            "🫱🏻‍🫲🏿",
            "🤦🏼‍♂️",
            "🐻‍❄️",
            "©️",
            "™️",
            "🎉🎉🎉",
            "😀😃😄",
        ],
    ),
    (
        "Signs",
        &[
            "“Quotes” – dashes — …",
            "½ × 2 ≠ 3",
            "5\u{a0}000 €",
            "H₂O, x², ‰",
            "← ↑ → ↓",
            "♪ ♫",
            "• one • two",
            "✓ ✗ ★",
            "№ 5",
            "∑ ∫ √ ∞",
        ],
    ),
];

#[test]
fn five_hundred_samples_of_ordinary_writing_are_left_alone() {
    let all: Vec<&str> = WRITING.iter().flat_map(|(_, samples)| samples.iter().copied()).collect();
    let mut samples: Vec<String> = all.iter().map(|sample| (*sample).to_owned()).collect();
    // As they stand in jobs: beside other scripts, figures and marks.
    for (n, sample) in all.iter().enumerate() {
        let other = all[(n * 7 + 31) % all.len()];
        samples.push(format!("{sample} · 25 USD, {other}"));
        samples.push(format!("({other}) {sample}\n\n- {sample}: \"{other}\""));
    }
    assert!(samples.len() >= 500, "{}", samples.len());
    let mut harmed = Vec::new();
    for sample in &samples {
        let unharmed = Text::body(sample).as_str() == sample && !Text::is_suspicious(sample);
        let line = sample.replace('\n', " ");
        if !unharmed || Text::line(&line, Cap::BODY).as_str() != line {
            harmed.push(format!("{sample} → {}", Text::body(sample)));
        }
    }
    assert!(harmed.is_empty(), "{} of {}: {harmed:#?}", harmed.len(), samples.len());
}
