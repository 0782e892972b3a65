/**
 * Small documents as people keep them, for the table of questions in `retrieval.test.ts`.
 * Each begins with a line `=== id | title`.
 */
export function retrievalCorpus(): { id: string; title: string; text: string }[] {
  return CORPUS.split(/^=== /m)
    .slice(1)
    .map((block) => {
      const [head = "", ...lines] = block.trim().split("\n");
      const [id = "", title = ""] = head.split(" | ");
      return { id, title, text: lines.join("\n") };
    });
}

const CORPUS = `
=== password-reset | Reset your password
Open the sign-in page and choose Forgot password. We send a link to your email address; it works for one hour.
Choose a new password of at least twelve characters.
=== password-rules | What a password must look like
A password has twelve characters or more. We check it against a list of leaked passwords. Passwords never expire.
=== two-factor | Two-factor authentication
Turn on two-factor authentication under Security. Scan the QR code with an authenticator app and keep the recovery codes.
=== reset-router | Factory settings of the router
To reset the router, hold the button for ten seconds until the light blinks. All settings are lost.
=== invoices | Where to find your invoices
Invoices are sent on the first of the month. Download older invoices as PDF under Billing. Add a VAT number there.
=== refund | Refunds and cancellations
You can cancel a subscription at any time. We refund the unused part of a yearly plan within 14 days.
=== delete-account | Deleting an account
Only the owner can delete the account. All documents and backups are erased after thirty days.
=== export | Export all your records
Settings, then Export, makes a ZIP archive with one CSV file for each table. You get an email when it is ready.
=== team-invite | Inviting people to a team
An administrator invites people by email. An invitation lasts seven days. Roles are viewer, editor and owner.
=== api-keys | API keys
Create an API key under Settings. The key is shown once. Send it as Authorization: Bearer in every request.
=== rate-limits | Rate limits
Each key may make 600 requests per minute. Beyond that the answer is HTTP 429 Too Many Requests with Retry-After.
=== webhooks | Webhooks
We POST a JSON body to your URL and sign it with HMAC-SHA256 in the X-Signature header. Answer within 10 seconds.
=== changelog-311 | Changelog 3.11
Version 3.11.7 fixes a crash when a listing is empty. Version 3.11.6 adds dark mode. Thanks to everyone who reported.
=== changelog-312 | Changelog 3.12
Version 3.12.0 drops support for Node 18. Migration: run the upgrade command, then restart all workers.
=== changelog-40 | Changelog 4.0
Breaking: the configuration file is now TOML. Removed the legacy importer. Faster start, smaller image.
=== err-5021 | Error E5021
E5021 means that the certificate of the proxy has expired. Renew the certificate and restart the gateway.
=== err-access | AccessDenied from S3
AccessDenied: the policy lacks s3:GetObject. Attach s3:ListBucket to the bucket and s3:GetObject to its objects.
=== err-econn | Network errors
ECONNREFUSED 127.0.0.1:5432 means that PostgreSQL is not running or listens on another port. ETIMEDOUT is a firewall.
=== ticket-1234 | TS-1234
TS-1234: search misses hyphenated words. Assigned to Priya. Closed as a duplicate of TS-1199.
=== ticket-1199 | Index misses compound words
Reported by a customer: looking for well-known terms gives nothing. Workaround: put them in quotes.
=== code-py | snake.py
def foo_bar(user_id):
    return cache.get_or_create(user_id, timeout=30)
=== code-foo | About foo
The foo is a placeholder. A bar comes after a foo in many examples, never before a baz.
=== code-ts | session.ts
export async function getUserById(userId: string) { return sessionStore.findUnique({ where: { userId } }); }
=== code-sql | slow-query.sql
SELECT customer_id, SUM(amount) FROM orders WHERE created_at > now() - interval '30 days' GROUP BY customer_id;
=== code-cpp | Build notes
The engine is written in C++ and needs g++ 13 or clang 17. Bindings exist for C# and .NET 8.
=== code-c | Kernel module
The driver is plain C and is compiled with make. It has no dependencies and loads at boot.
=== code-node | Dependencies
Never commit node_modules/next to the repository. Remove node_modules and run npm ci when a build behaves oddly.
=== regex | Regular expressions
Look-behind is not supported by the linear-time engine. Use named groups such as (?<userId>[a-z]+) instead.
=== contact | Who to ask
Billing: billing@example.com. Security reports: security@example.com. On call: +1 555 010 9999.
=== contact-sales | Sales contacts
Write to maria.lopez@example.org for offers above 500 seats, or to the local partner.
=== table-prices | Price list
| plan | seats | price |
| Starter | 3 | 9 EUR |
| Business | 50 | 149 EUR |
=== table-regions | Regions
eu-central-1 Frankfurt, eu-west-1 Ireland, us-east-1 Virginia, ap-northeast-1 Tokyo.
=== minutes | Minutes of the meeting, 2024-03-15
Present: Anna, Björn, Chloé. Decided: the launch moves to June. Björn writes the announcement. Budget approved.
=== onboarding | First week
Monday: laptop and accounts. Tuesday: meet your buddy. Friday: lunch with the team, O'Brien's at noon.
=== incident | Incident of 2024-07-02
The primary database ran out of disk at 03:12. Failover took nine minutes. Follow-up: alert at 80 % of disk usage.
=== backup | Backups
Nightly backups are kept for 35 days. To restore a backup, stop the workers, copy the snapshot and start again.
=== coffee | Coffee machine
Descale the coffee machine monthly. Do not use vinegar. The beans are in the upper cupboard.
=== travel | Travel policy
Book trains for trips under four hours. Hotels up to 160 EUR a night. Keep receipts for reimbursement.
=== holiday | Holidays and leave
Everyone has thirty days of leave. Ask for leave two weeks ahead. Unused days move to March of the next year.
=== recipes | Pancakes
Mix flour, milk and eggs. Let the batter rest for half an hour. Fry in butter until golden.
=== ja-weather | 天気
明日の東京の天気は晴れのち曇りです。最高気温は二十八度の予報です。
=== ja-password | パスワードの再設定
ログイン画面で「パスワードを忘れた場合」を選び、メールのリンクから新しいパスワードを設定してください。
=== ja-invoice | 請求書について
請求書は毎月一日に発行されます。支払い方法はクレジットカードまたは銀行振込です。
=== ja-stock | 在庫管理マニュアル
在庫管理システムで商品の数量を確認し、不足している場合は倉庫に連絡します。
=== zh-password | 重置密码
如果忘记密码，请点击登录页面上的忘记密码，然后按照邮件中的说明重置您的密码。
=== zh-bucket | 存储桶同步
系统每四小时同步一次存储桶中的文件。删除的对象不会立即从知识库中移除。
=== zh-refund | 退款政策
购买后十四天内可以申请全额退款。退款将原路返回。
=== ko-password | 비밀번호 재설정
로그인 화면에서 비밀번호 찾기를 누르면 이메일로 재설정 링크를 보내 드립니다.
=== ko-delivery | 배송 안내
주문한 상품은 보통 이틀 안에 배송됩니다. 배송 조회는 마이페이지에서 할 수 있습니다.
=== th-password | เปลี่ยนรหัสผ่าน
ไปที่การตั้งค่าแล้วเลือกเปลี่ยนรหัสผ่าน จากนั้นกรอกรหัสผ่านใหม่สองครั้ง
=== de-kuendigung | Kündigung
Die Kündigungsfrist beträgt drei Monate zum Quartalsende. Bitte kündigen Sie schriftlich an die Straße des Friedens 5.
=== de-muell | Abfallkalender
Der gelbe Sack wird alle zwei Wochen abgeholt. Größere Möbel gehören zum Sperrmüll.
=== fr-ete | Horaires d'été
Pendant l'été, le bureau est ouvert de neuf heures à midi. L'accueil reste fermé le vendredi après-midi.
=== fr-contrat | Contrat de location
Le dépôt de garantie est rendu dans un délai de deux mois après la remise des clés à l'agence.
=== es-envio | Envíos y devoluciones
El envío tarda tres días. Para devolver un artículo, imprima la etiqueta y llévelo a correos. Año nuevo: cerrado.
=== ru-dogovor | Договор аренды
Арендная плата вносится до пятого числа каждого месяца. Ещё нужен залог в размере одного месяца.
=== ru-parol | Смена пароля
Чтобы изменить пароль, откройте настройки профиля и введите новый пароль дважды.
=== el-ores | Ώρες λειτουργίας
Το γραφείο είναι ανοιχτό από τις εννέα έως τις πέντε. Την Κυριακή είναι κλειστό.
=== ar-shahn | سياسة الشحن
يصل الطلب خلال ثلاثة أيام عمل. يمكن إرجاع المنتج مجانًا خلال أسبوعين.
=== hi-sahayata | सहायता
पासवर्ड बदलने के लिए सेटिंग्स खोलें और नया पासवर्ड दर्ज करें।
=== he-shaot | שעות פתיחה
המשרד פתוח בימים ראשון עד חמישי בין תשע לחמש.
=== tr-izin | Yıllık izin
Çalışanlar yılda yirmi gün izin kullanır. İstanbul ofisi cuma günü erken kapanır.
=== log-line | worker.log
2024-07-02T03:12:09Z ERROR worker-7 upload failed: ENOSPC no space left on device, path=/var/lib/pg/data
`;
