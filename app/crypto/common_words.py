"""Words and passwords that guessers try first: favourites of published leaks, names, words of our trades.

Written down by hand for this program; a few hundred entries stop the obvious choices, length does the rest.
"""

_TEXT = """
password passwort passwords passphrase passw0rd pass word admin administrator root login welcome willkommen bienvenue
letmein changeme default secret geheim private master user guest test testing temp temporary office desk front
reception frontdesk clinic clinique praxis doctor doctors nurse patient patients hospital medical medicine dentist
dental health healthcare law lawfirm lawyer lawyers attorney attorneys legal firm court notary client clients case
file files letter appointment appointments vestibule vault console secure security safe safety protect computer
internet network server windows linux google apple microsoft samsung facebook instagram amazon iphone android sunshine
princess prince dragon monkey shadow superman batman spiderman football baseball soccer hockey basketball tennis golf
liverpool chelsea arsenal barcelona madrid juventus bayern starwars pokemon naruto minecraft fortnite iloveyou ilove
loveyou love lovely hello hallo bonjour hola ciao freedom whatever trustno one two three four five six seven eight
nine ten zero hundred thousand qwerty qwertz azerty asdf zxcv qazwsx abc abcd abcdef monday tuesday wednesday thursday
friday saturday sunday january february march april may june july august september october november december spring
summer autumn fall winter today tomorrow morning evening night birthday christmas easter holiday vacation family
mother father mom dad brother sister baby boy girl angel heart flower rose lily daisy butterfly tiger lion eagle wolf
bear horse dog cat puppy kitty kitten fish bird mouse rabbit turtle chicken banana orange cherry lemon coffee
chocolate cookie cheese pizza pepper sugar ginger honey water fire earth wind sky star moon sun ocean river mountain
forest garden house home school college university student teacher work job money bank rich happy lucky magic wizard
ninja pirate king queen knight castle hunter ranger thunder storm lightning phoenix diamond gold golden silver crystal
ruby black white red blue green yellow purple pink brown grey gray dark light john james robert michael william david
richard joseph thomas charles daniel matthew anthony mark donald steven paul andrew joshua kevin brian george edward
ronald timothy jason jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel
patrick alexander jack dennis jerry mary patricia jennifer linda elizabeth barbara susan jessica sarah karen nancy
lisa betty margaret sandra ashley emily donna michelle carol amanda dorothy melissa deborah stephanie rebecca sharon
laura cynthia kathleen amy angela anna emma olivia sophia charlie jordan taylor london paris berlin boston dallas
chicago austin texas york america england france germany spain italy europe mercedes porsche ferrari corvette mustang
harley yamaha honda toyota new old big little the and for you not with this that our your all are was from have his
her she him who what when where why how please thank thanks open close enter start stop key keys lock locked unlock
door mypassword thisismypassword access correct battery staple horsebattery trustme nopassword forgot forgotten
remember
"""

COMMON_WORDS = frozenset(_TEXT.split())
"""Lower case, at least three characters each."""
