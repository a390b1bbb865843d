"""Words that help to tell a name from an ordinary word, in French."""

# Names that are words, too: alone they are hidden only where they look like a name.
ORDINARY = frozenset(
    """
    abel agneau aime ami amour ange angel anglais anne aout arbre argent auteur avril
    baron beau belle berger bien blanc blanche bleu bois bon bonne bonnet bouche
    boucher boulanger bourgeois bras brave breton brun brune caille calme camus
    candide cardinal carre carrier cave celeste cerf cerise champ champion chance
    chapelle charbon charge charles charmant charme charpentier charron chat chateau
    chauvin chef chene chevalier chevre claire clair clef clement clerc cloche colin
    collet comte constant coq corde cordier corps coste couleur cour court courtois
    couturier couture dame dauphin desire deux diamant dieu dimanche domaine dore doux
    droit duc dumas eau ecuyer eglise elle emilie encore ermite espace espoir est ete
    etoile europe faure fauve felicite fer ferme fermier fete feu feuille fille fils
    fin fleur fleury fontaine force forest foret forge fort fortune fourment fourrier
    france francais franc franche frais froid gaillard gain garde garnier gaspard
    gentil gerard germain gilet glace goret grand grande grange gras grenier gris gros
    guerin guerre guide haie hardi haut heritier heros hiver honneur hotel hubert
    humble iris jardin jasmin jaune jeune joie joli jolie jour jours joyeux juge juin
    juste justice lac lambert lame lance lange langue large laurier le lebon leger
    legrand lemaire lent levant lion livre long loup lune mai main maire maison maitre
    mal mars marchand marche marechal marguerite marin marine marron marteau masse
    matin maure mer mercier merle meunier mignon mille ministre miracle mode moine
    monde mont montagne moreau morel mort moulin mouton mur naissance neige neuf noble
    noel noir notre nuit olive olivier or orange orage page pain paix palais pape
    parfait paris partie pascal pasteur patient paul pauvre pay pays peintre perle
    perrin petit petite peuple picard pie pied pierre pigeon pin place plage plaisir
    plat plume poirier poisson pont porte portier potier poulain poule premier present
    prevost prime prince printemps prix profit propre provost prudent puissant pur
    quatre raison rayon refus regent reine rey rich richard riche riviere robin roche
    roi rond rosa rose rossignol rouge rousse roux royal rue sage saint saison salle
    sans santiago satin sauvage savoie second secret seigneur serein sergent serre
    seul siege simon soin soir soleil soldat songe souris souverain suave sueur sur
    taille tailleur talent tard temps terre tete thomas tiers tisserand tonnelier
    tournier tout tresor triste trois vache vaillant val valentin vallee vent verger
    verite vert vertu vial victoire vidal vie vieux vif vigne vigneron village villa
    ville vin violette vital voisin voile volant vrai zen
    """.split()
)

LEGAL_FORMS = frozenset(
    "sa sas sasu sarl eurl sci snc selarl scop scp sca scm earl gaec gie ei eirl "
    "gmbh ltd llc inc bv srl spa plc ag ab oy nv bvba".split()
)

# Words of company names that do not tell one from another.
GENERIC = frozenset(
    """
    agence agences association atelier ateliers banque bar boulangerie boutique bureau
    cabinet cafe centre clinique club comite communication compagnie comptoir conseil
    conseils consulting creation creations design developpement digital distribution
    domaine ecole editions energie entreprise environnement espace etablissements
    expertise fils formation france freres garage gestion groupe hotel immobilier
    industrie industries informatique ingenierie innovation institut international
    invest laboratoire librairie logistique maison marketing media medias menuiserie
    mutuelle negoce nord numerique ouest paris participations partenaires patrimoine
    pharmacie plomberie production productions restaurant service services site societe
    solution solutions studio sud systeme systemes tech technologies technologie
    transport transports travaux union ventes web le la les de du des et en a au aux d
    l un une pour par sur
    """.split()
)

PARTICLES = frozenset("de du des d le la les l van von der den da di del al el".split())

CIVILITIES = frozenset(
    "m mr mme mmes mm mlle monsieur madame mademoiselle messieurs mesdames maitre me "
    "dr docteur pr professeur".split()
)

# What stands before a name, beside a civility.
GREETINGS = frozenset("cher chere bonjour bonsoir salut hello merci".split())

STREETS = (
    "rue avenue av boulevard bd bld place pl chemin allee allees impasse quai cours "
    "route square passage faubourg fbg sentier esplanade promenade mail villa cite "
    "residence lotissement ruelle traverse montee parvis rond-point hameau cour"
).split()
