"""What instructions do: verbs by what they come to, prepositions by the relation that they mean, polite wrappings."""

import re
from typing import Literal

from scene_hub.design.grammar.words import listed

Action = Literal["place", "stack", "pick", "fill", "mention", "idle"]
"""place: the object goes somewhere. fill: the place is named before the object. mention: only says what there is.
idle: asks for nothing that changes the scene ("let go of it")."""

PrepositionKind = Literal["on", "in", "to", "from", "with", "aside"]
"""on, in, to: where the object goes. from, with: dropped. aside: a relation that scenes do not have ("next to")."""

_VERBS: dict[Action, str] = {
    "place": (
        "put place set stand sit lay drop move bring "
        "transfer deposit position rest stash store stow insert leave return throw toss "
        "tuck slide push carry deliver shift relocate send add pack load stuff shove tidy sort dump plop pop park balance "
        "mount perch center centre arrange locate serve keep gather discard hide nest fit lower release slip shelve "
        "dispose stick settle plonk plunk replace drag pull cram squeeze chuck fling file clear plant seat"
    ),
    "stack": "stack pile heap",
    "pick": "pick grab lift take grasp get hold fetch raise grip seize collect retrieve remove obtain clutch clasp",
    "fill": "fill top",
    "mention": "find see consider identify detect approach spot select choose notice",
    "idle": "stop wait retract withdraw finish pause",
}

_UNSUPPORTED = (
    "open close shut pour wipe cut slice chop turn rotate flip wash clean stir press push fold unfold hang screw unscrew "
    "kick eat drink cook bake mix peel break throw count look go drive write draw read tell describe sing ignore delete "
    "play hit sweep scrub shake spin swap exchange hand give show use touch poke point measure weigh fold bend squash "
    "crush tear rip paint clap dance run execute print select insert drop create make build assemble disassemble plug "
    "unplug switch light ignite burn heat cool freeze boil fry toast toggle click type call say answer explain translate "
    "repeat forget disregard pretend act walk jump fly roll bounce juggle catch tie untie unlock lock zip unzip button "
    "reorder align straighten separate unstack unpack empty spill sprinkle season spread scoop dip soak rinse dry polish "
    "vacuum water feed pet brush comb destroy smash kill attack inspect clean up wave align connect attach detach "
    "wrap unwrap twist tilt knock topple swing strike hammer sew knit help start begin continue dunk sprinkle"
)

_DOUBLED = listed("put set drop slip pop shop stop plop top fit cram get plug spin grip hit cut wrap chop flip")


def _forms(verb: str) -> list[str]:
    """A verb's base, -s, -ing and -ed forms."""
    stem = verb[:-1] if verb.endswith("e") and not verb.endswith("ee") else verb
    stem = verb + verb[-1] if verb in _DOUBLED else stem
    third = verb[:-1] + "ies" if verb.endswith("ry") or verb.endswith("dy") else verb + "s"
    third = verb + "es" if verb.endswith(("s", "sh", "ch", "x", "ss")) else third
    past = verb[:-1] + "ied" if verb.endswith(("ry", "dy")) else stem + "ed"
    return [verb, third, stem + "ing", past]


VERB_FORMS: dict[str, tuple[str, Action]] = {
    form: (verb, action) for action, verbs in _VERBS.items() for verb in verbs.split() for form in _forms(verb)
}
UNSUPPORTED_FORMS: dict[str, str] = {
    form: verb for verb in _UNSUPPORTED.split() for form in _forms(verb) if form not in VERB_FORMS
}

# Forms of verbs that are as often nouns or adjectives: they count as verbs only where a clause begins.
NOUN_LIKE = listed(
    "stick stand rest park file set stack "
    "pile top center centre hold position store pack load place plant seat slice button light "
    "hammer brush water toast paint comb light hand show run dry cool clean empty open close press slip drop spot hide "
    "season lock fly roll box sorted packed stacked filled folded opened closed loaded"
)
# Such words that often begin a name: "water bottle on the coaster".
FIRST_IN_NAMES = listed("water paint brush hammer comb hand rolling measuring baking mixing cooling drinking cutting")
PARTICLES = listed("up down away back out along together over off forward around")

# ---------------------------------------------------------------------------------------------------------- prepositions

_SIDES = ("left", "right", "front", "back", "side", "left side", "right side", "far side", "near side", "other side",
          "edge", "corner", "rim", "end", "left hand side", "right hand side")  # fmt: skip

PREPOSITIONS: dict[str, tuple[PrepositionKind, str]] = {
    **{p: ("on", p) for p in ("on", "onto", "on to", "upon", "atop", "on top", "on top of", "onto top of", "on to top of",
        "on the top of", "onto the top of", "to the top of", "at the top of", "on the surface of", "over", "over top of",
        "over the top of", "across", "ontop", "ontop of", "in top of", "atop of")},
    **{p: ("in", p) for p in ("in", "into", "in to", "inside", "inside of", "within", "into the inside of",
        "to the inside of", "in the inside of", "on the inside of")},
    **{p: ("to", p) for p in ("to", "at", "in the middle of", "in the center of", "in the centre of", "on the middle of",
        "on the center of", "on the centre of", "at the center of", "at the centre of", "to the center of",
        "to the middle of", "onto the center of", "onto the middle of", "into the middle of", "into the center of")},
    **{p: ("from", p) for p in ("from", "off", "off of", "out of", "from the top of", "from on top of", "from inside",
        "from within", "from under", "from behind", "from next to", "from beside", "from near", "from in front of",
        "from the middle of", "out from", "away from", "outside", "outside of")},
    **{p: ("with", p) for p in ("with", "using", "by using", "by means of", "without", "instead of", "rather than", "for",
        "so that", "in order to", "such that", "because", "containing", "holding", "wearing", "having", "filled with",
        "full of", "among", "amongst", "amid", "like", "than", "via", "except", "so", "since", "as")},
    **{p: ("aside", name) for name, words in {
        "next to": "next to,adjacent to,alongside,to the side of,side by side with,next", "beside": "beside,besides",
        "near": "near,nearby,close to,closer to,near to,closest to,nearest to,nearest,in the vicinity of",
        "by": "by", "under": "under,underneath,to under", "beneath": "beneath", "below": "below",
        "behind": "behind,in back of", "in front of": "in front of,before,ahead of,opposite,opposite of,facing",
        "between": "between,in between", "against": "against", "around": "around", "above": "above",
        "towards": "towards,toward", "past": "past,beyond", "through": "through",
    }.items() for p in words.split(",")},
    **{f"{word}{the} {side} of": ("aside", f"{side} of") for side in _SIDES for word in ("on", "to", "at", "in", "by", "from")
       for the in (" the", "", " its")},
    **{f"{side} of": ("aside", f"{side} of") for side in ("left", "right", "front")},
}  # fmt: skip
LONGEST_PREPOSITION = max(len(words.split()) for words in PREPOSITIONS)

# With these a verb of taking also says where to.
DEFINITE = frozenset(["into", "onto", "in to", "on to", "to", "atop", "onto the top of", "to the top of", "inside of"])

# --------------------------------------------------------------------------------------------------- polite wrappings

_GRIPPER = (
    r"(?:the |your |a |its |one )?(?:robot |robotic |right |left )?"
    r"(?:gripper|arm|hand|claw|manipulator|end effector|fingers)"
)
_WHO = r"(?:you|the robot|robot|the arm|the robot arm|we|it)"
_HAVE_TO = (
    r"(?:should|must|need to|needs to|have to|has to|are to|is to|will|can|may|shall|ought to|is going to|are going to|"
    r"are supposed to|is supposed to|are asked to|are required to|are told to|could|might)"
)

# What may stand before the instruction proper; stripped again and again from its beginning.
OPENINGS = tuple(
    re.compile(rf"(?:{pattern})(?: [,:!.])*(?= |$)")
    for pattern in (
        r"(?:hey|hi|hello|ok|okay|dear|yo|alright|all right|well|so|oh|yes|great|good)(?: there)?(?= [,!.]| robot| please)",
        r"(?:robot|robo|bot|assistant|machine|the robot|robot arm)(?= [,:!]| please| can | could | will | would )",
        r"[,.;:!?&]",
        r"(?:please|kindly|pls|plz|first|next|now|then|finally|also|and|lastly|once more|again|after that|this time|okay|ok)",
        r"(?:can|could|would|will|might|may) (?:you|u|we)(?: mind| please| kindly)*(?: be able to| be so kind as to)?",
        rf"(?:i|we) (?:want|need|would like|'d like|would love|wish|expect|ask|request|command|order)(?: for)? {_WHO} to",
        rf"i'd (?:like|love|want)(?: for)? {_WHO} to",
        r"(?:(?:i|we) (?:want|need|would like|would love|wish)|i'd (?:like|love))(?: to (?:see|have))?(?: for)?",
        rf"{_WHO} {_HAVE_TO}",
        r"(?:your|the|this|my) (?:next |first |current )?(?:task|job|goal|mission|instruction|objective|assignment|command|aim)"
        r"(?: here| now| today)?(?:(?: is| :)(?: for(?: you)?| now)?(?: to)?|(?= [,:]|$))",
        r"(?:would|is) it (?:be )?(?:possible|ok|okay)(?: for you)?(?: to|$)|it is your (?:job|task|turn) to",
        r"(?:go|come)(?= (?:pick|put|place|grab|get|take|move|fetch|stack|lift|set|drop|bring) )",
        r"(?:please )?help(?: out)? by",
        r"(?:task|instruction|goal|command|prompt|step)(?: \d+)? :|\d+ [:.]",
        r"what (?:action|actions) should the robot take to",
        r"(?:go|come)(?: ahead| on| over| over there| there)? and|go ahead|try to|try and|attempt to|proceed to|remember to",
        r"mind(?= \w+ing )",
        r"as an? (?:\w+ )?(?:robot|assistant|arm)(?: arm)?|(?:can|could|may) (?:i|we) (?:have|get|see)",
        r"(?:build|make|create|form) an? (?:\w+ )?(?:tower|stack|pile)(?: \w+)?(?: by| with| of| from|(?= [:,]))",
        r"(?:clean|clear|tidy|straighten|organize)(?: up)? (?:the|this|my) (?:\w+)(?: by|(?= [:,]))",
        r"(?:take care|be careful|being careful)(?: and| to|(?= ,))",
        r"help me(?: to)?|help to|let us|let's|lets|let|make|feel free to|start by|begin by|time to|how about|what about",
        r"(?:have|get|let|make|ask) (?:the robot|it|your arm|the arm)(?: to)?",
        r"(?:make sure|ensure|be sure|see to it|check|guarantee)(?: that)?(?: to| you)?",
        rf"(?:use|using|with|by using|take|extend|move) {_GRIPPER}(?: to| and)?",
        r"(?:after|by|start|begin|try|consider)(?= \w+ing )",
        r"(?:the robot|robot)(?= \w+s )",
        r"have(?= the )",
    )
)
# Those of them that make a plain statement a wish ("I want the apple in the bowl").
WISH = re.compile(r"\b(?:want|need|like|love|wish|sure|ensure|see to it|guarantee|let|have|make|get|task|goal|job)\b")

COURTESIES = tuple(
    re.compile(rf"(?<!\S)(?:{pattern})(?!\S)")
    for pattern in (
        r"(?:i|we)(?:'d| would) (?:love|like|appreciate|prefer|be (?:happy|glad|grateful))(?: it)? if (?:you|the robot)"
        r"(?: could| would)?",
        r"it(?:'d| would) be (?:great|nice|lovely|good|helpful|wonderful) if (?:you|the robot)(?: could| would)?",
        r"if (?:you|possible)(?: (?:can|could|would|please|like|want|may|wish|do n't mind|don't mind|be so kind))*",
        r"when(?:ever)? you (?:can|could|are ready|have time|get a chance|get the chance|'re ready)",
        r"as (?:quickly|fast|soon|carefully|gently|neatly|slowly|precisely|well) as (?:possible|you can)|as well(?! as)",
        r"thank you(?: very much| so much)?|thanks(?: a lot)?|thx|cheers|will you|would you|could you|can you|right away",
        r"for (?:me|us|him|her|them)",
        r", (?:robot|robo|bot|buddy|mate|friend)(?= [.!?]|$)",
        r"at once|in one go|in one motion|with care|with caution|at the moment|over there|over here|a bit|a little bit",
        r"all the way|for now|on the way|by itself|on its own|side up|upside down|face up|face down|upright|the right way up",
        r"without (?:dropping|spilling|breaking|touching|knocking|hitting|damaging|disturbing)"
        r"(?: (?:it|them|anything|the other objects|anything else|over))*(?= [.,;:!?]| and| then|$)",
        r"from where it is|from its (?:current )?(?:place|position|location)|where it belongs|in its place|as shown|as follows",
    )
)

# A clause that says what there is.
EXISTENTIAL = re.compile(
    r"(?:there (?:is|are|lies|sits|stands)|there's|here (?:is|are)|here's|(?:do |can )?(?:you|i|we)(?: can)? see|"
    r"(?:you|i|we) (?:have|got)|given|look at|look for|search for|reach for|reach out to|go to|go over to|navigate to|"
    r"head to|walk to|move to|move over to|look around for|locate)(?= )"
)
# A clause that lets go, goes home after the work, or says nothing by itself.
IDLE = re.compile(
    r"(?:let (?:it |them )?go|open (?:the |your )?(?:gripper|hand|claw|fingers)|close (?:the |your )?(?:gripper|hand|fingers)|"
    r"(?:return|go|move|come|get)(?: back)?(?: to)?(?: the| your)?(?: home| start| starting| initial| rest| neutral| original)"
    r"(?: position| pose)?|(?:move|back|go|step) (?:away|back|off)(?: from .*)?|release(?: it| them| the \w+)?|lift it(?: up)?|"
    r"(?:hold|keep) (?:it|still)|leave it there|be careful|watch out|you are done|that's it|that is all|done|stop|take care|"
    r"(?:you|the robot|robot|it)|retract|withdraw|(?:clear|clean|tidy|straighten|organize)(?: up)? (?:the|this|my) \w+)$"
)

QUESTIONS = listed("where what which who whom whose why how when is are am was were does did has had")
CONDITIONS = listed("if unless until whenever while when once provided assuming suppose otherwise else")
NEGATIONS = listed(
    "not don't dont do_not never no cannot can't cant won't shouldn't shan't mustn't nor neither avoid refrain nothing "
    "nowhere none isn't aren't doesn't didn't"
)
FOREIGN = listed(
    "der das den dem des ein eine einen einem und auf nicht le les une dans sur et du el los las una en y il nel nella sul "
    "sulla het een op bitte mets mettez pon poner coloca metti leg lege lege stelle leggen la lo gli della dello con sobre "
    "sous avec por favor plaît vous coloque ponga naar zet ett pa och"
)
# The verb of a statement about where a thing goes, and the words that may follow it before the place.
STATE_TRIGGERS = listed(
    "goes go belongs belong should must needs need has ought is are be gets ends end wants sits stays lives to being "
    "placed positioned moved dropped stacked laid stored inserted transferred deposited sit stay rest rests"
)
STATE_FILLERS = STATE_TRIGGERS | listed(
    "to up put set left located resting sitting lying standing supposed going meant returned kept piled have been down"
)
STATE_NORMS = listed("goes go belongs belong should must needs need has ought supposed to wants be")
RELATIVE = listed("that which who")
POSITIONED = listed(
    "lying sitting located placed standing resting positioned found currently already kept laying lies sits stands "
    "is are was stored"
)
