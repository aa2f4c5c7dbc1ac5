"""Words by which editors keep a text from readers in languages other than English.

They are those of the languages that the site has labels for, and of some neighbours. Case,
accents and signs make no difference where they are looked up.
"""

DRAFT = (
    "entwurf entwürfe entwuerfe brouillon brouillons borrador borradores bozza bozze"
    " rascunho rascunhos kladde utkast udkast luonnos szkic taslak klad"
    " черновик чернетка مسودة مسوده پیشنویس טיוטה 草稿 下書き ドラフト 초안"
)
"""Names of what is not finished, which hardly ever mean anything else."""
UNFINISHED = (
    "concept koncept esboço esborrany inbearbeitung inarbeit rohfassung wersjarobocza roboczy"
    " keskeneräinen rozpracováno 임시저장"
)
"""Others, which may."""
HIDDEN = (
    "versteckt verborgen ausgeblendet gesperrt unveröffentlicht unveroeffentlicht privat"
    " nichtveröffentlicht nichtöffentlich geheim vertraulich gelöscht intern"
    " caché cachée masqué masquée privé privée nonpublié nonpubliée dépublié retiré supprimé"
    " oculto oculta escondido escondida privado privada nopublicado nopublicar eliminado"
    " nascosto nascosta privato privata nonpubblicato riservato nãopublicado"
    " ukryty ukryta ukryte prywatny prywatne niepublikowany niepubliczny nieopublikowany"
    " ongepubliceerd nietgepubliceerd nietopenbaar dold dolt opublicerad avpublicerad"
    " skjult skjulte privat upubliceret upublisert piilotettu yksityinen julkaisematon"
    " skrytý skryté skryto soukromý nepublikováno nezveřejněno gizli yayınlanmamış"
    " скрыто скрытый скрыт скрытая приватно неопубликовано неопубликован"
    " приховано прихований неопубліковано مخفي مخفی خصوصي خصوصی غيرمنشور منتشرنشده"
    " מוסתר נסתר פרטי לאפורסם 非公開 非表示 限定公開 隐藏 隱藏 私密 未发布 未發布 未公开"
    " 비공개 숨김"
)
SHOWN = (
    "veröffentlicht veroeffentlicht veröffentlichen öffentlich oeffentlich sichtbar"
    " freigegeben publiziert publié publiée publier publicado publicada público publica"
    " visibles pubblicato pubblicata pubblico visibile visível"
    " opublikowany opublikowane opublikowano opublikowana publiczny widoczny"
    " gepubliceerd openbaar zichtbaar publicerad publicerat offentlig offentligt synlig"
    " publiceret udgivet publisert julkaistu julkinen näkyvä publikováno zveřejněno"
    " veřejné viditelné yayınlandı yayında görünür"
    " опубликовано опубликован опубликована публично видимый опубліковано опублікований"
    " منشور مرئي منتشرشده عمومی פורסם ציבורי גלוי"
    " 公開 公开 公開済み 已发布 已發布 发布 發布 게시 게시됨 공개 발행"
)
STATE = (
    "statut estado stato stan zustand état situação sichtbarkeit visibilité visibilidad"
    " visibilità visibilidade widoczność zichtbaarheid tillstånd tilstand tila stav durum"
    " статус состояние стан видимость الحالة حالة وضعیت סטטוס"
    " 状態 ステータス 公開状態 状态 狀態 상태 공개상태"
)
START = (
    "sperrfrist sperrvermerk veröffentlichungsdatum veroeffentlichungsdatum veröffentlichenam"
    " veröffentlichtam freigabedatum datedepublication datepublication publiéle"
    " fechadepublicación fechapublicación publicarel datapubblicazione datadipubblicazione"
    " datadepublicação datapublicação datapublikacji publicatiedatum publiceringsdatum"
    " publiceringsdato udgivelsesdato publiseringsdato sperrefrist julkaisupäivä"
    " datumpublikace datumzveřejnění yayıntarihi эмбарго ембарго датапубликации"
    " датапублікації تاريخالنشر تاریخانتشار תאריךפרסום"
    " 公開日 公開日時 公開予定日 发布日期 發布日期 发布时间 게시일 공개일 엠바고"
)
END = (
    "ablaufdatum verfallsdatum gültigbis gueltigbis läuftabam läuftab depublizieren"
    " dateexpiration datedexpiration expirele valablejusquau fechadecaducidad"
    " fechadeexpiración fechaexpiración caducidad caduca datascadenza datadiscadenza scadenza"
    " datadeexpiração dataexpiração datadevalidade validade expiraem datawygaśnięcia wygasa"
    " ważnedo vervaldatum verloopdatum verlooptop geldigtot utgångsdatum udløbsdato"
    " utløpsdato vanhenee vanhenemispäivä datumexpirace platnostdo bitiştarihi"
    " sonkullanmatarihi срокдействия истекает датаокончания дійснийдо"
    " تاريخالانتهاء تاریخانقضا תאריךתפוגה"
    " 有効期限 公開終了日 掲載終了日 过期时间 过期日期 到期日 만료일"
)
PENDING = (
    "geplant planifié programado programada programmato zaplanowany gepland planerad planlagt"
    " naplánováno enattente pendiente enrevisión inattesa inrevisione inprüfung inpruefung"
    " pendente emrevisão запланировано наутверждении ожидает заплановано"
    " 予約 予約投稿 待审核 待發布 定时 예약 対応中 編集中"
)
"""States of what is yet to come."""

YES = (
    "ja jawohl oui sí sì sim tak да так evet نعم بله כן はい 是 예 네 kyllä ano"
    " wahr vrai verdadero vero verdadeiro waar prawda sant sand sann tosi pravda doğru"
    " правда истина صحيح 真 참"
)
NO = (
    "nein non não nie nee niet nej nei ei ne hayır нет ні لا نه לא いいえ 否 아니요 아니오"
    " falsch faux falso fałsz onwaar falsk usann epätosi nepravda yanlış ложь"
    " خطأ 偽 거짓"
)
