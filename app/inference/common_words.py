"""Words that may begin a sentence of a reply whatever its sources say: English and Spanish, no names among them.

A capital letter inside a sentence marks a name; at its beginning it marks nothing, so the word decides.
"""

from typing import Final

_ENGLISH = """
a about above according account act additional address adults advice after again against all almost along already also
although always am among an and another answer any anybody anyone anything anywhere apart apologies appointment
appointments are around as ask at available away back because been before behind being below beside besides best
better between beyond bills both bring business but by call calls can cannot card cards care case cash certainly
changes charges check children choose clients close closed come coming confirm contact copies copy costs could current
currently daily days dear deposits did directions do doctors documents does done down during each earlier early either
else emergencies emergency enough enter entry especially even evening every everybody everyone everything exactly
except failing families fees few file fill finally find fine first follow following for form forms free from full
further general generally get give given glad gladly go good great greetings guests had half happy hardly has have
having he hello help her here hers hi his holidays home hope hours how however if immediately important in including
indeed information inside instead insurance interest into invoices is it items its itself just keep kind kindly know
last late later leave less let letters like list long look lunch mail make many may maybe me meanwhile medicines
meetings members messages might mine minor more morning most mostly much must my near nearly need neither never
nevertheless new next no nobody none nonetheless nor normally not note nothing now nowhere of off office often on once
one online only open opening or order ordinary originals other others otherwise our ours outside over own owners page
paper papers parents park parking part past patients pay payment payments people perhaps person phone photo photos
plan please plenty possible possibly prescriptions present prices probably proof provided put question questions quite
quotes rather read records referrals regarding regards regular remember repairs replies reports requests results
return right room rooms routine same saturdays save second see seldom send several shall she should show shut sign
simple simply since sincerely so some somebody someone something sometimes soon sorry still stop students such sundays
support sure surely take talk tell than thank thanks that the their theirs them then there therefore these they thing
things this those though through thus tickets till time to today together tomorrow tonight too towards treatment turn
two under unfortunately unless until up upon urgent us use usually very via visit visitors visits wait walk was way we
wednesdays weekdays weekends welcome well were what whatever when whenever where wherever whether which whichever
while who whoever whole whom whose why wills wishes with within without women work would write yes yesterday yet you
young your yours yourself
"""
_SPANISH = """
a abrimos acerca además adiós adjunto ahora al algo alguien algún alguna algunas algunos allí antes apreciada
apreciado aquel aquella aquí así atendemos atentamente aun aunque aún buenas buenos bien bienvenida bienvenido cada
casi cerca cerramos cita citas claro como con conteste contra cordialmente cual cualquier cuando cuanto cuesta cuál
cuáles cuándo cuánto cuántos cómo de debe deben deberá del dentro desde después donde dos durante dónde el ella ellas
ellos en encantada encantado entonces entre era es esa esas escriba ese eso esos esta estaba estamos estas este esto
estos está están estimada estimado existe fue fuera gracias gratis ha haga hace hacia hasta hay hola hoy incluso
indique la las le les llame lleve lo los luego lunes mañana me mejor menos mi mientras mis mucha muchas mucho muchos
muy más nada nadie necesita necesitamos ni ninguna ninguno ningún no nos nosotros nuestra nuestras nuestro nuestros
nunca o os otra otras otro otros para parte pero perdón poco podemos podrá por porque pregunte primero pronto puede
pueden pues que quedamos querida querido quien quiera quién quizá quizás qué recuerde respecto responda responderemos
reciba saludos se sea según ser será si siempre sin sino siga sobre solo somos son su sus sí sólo también tampoco tan
tanto tendrá tenemos tener tenga tiene tienen todavía toda todas todo todos traiga tras tu tus un una unas unos usted
ustedes vamos venga ver vuelva y ya yo él
"""

COMMON_WORDS: Final = frozenset((_ENGLISH + _SPANISH).split())
"""In lower case."""
