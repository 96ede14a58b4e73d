"""The English that the grammar knows besides the names of things: colours, materials, sizes, spelling, fillers.

Everything here is data and small pure functions on words. A word is lower case and without punctuation.
"""

from collections.abc import Iterable

from scene_hub.generate.materials import COLORS, SUBSTANCES
from scene_hub.schema import Size


def listed(text: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(text.split())


# --------------------------------------------------------------------------------------------------------- colours

# A colour word stands for the first of these that a category comes in.
_COLOR_NAMES: dict[str, str] = {
    "aqua": "teal blue",
    "azure": "blue",
    "amber": "orange yellow",
    "blond": "beige",
    "blonde": "beige",
    "bronze": "brown gold",
    "burgundy": "maroon red purple",
    "caramel": "brown",
    "charcoal": "gray black",
    "chocolate": "brown",
    "cobalt": "blue",
    "cream": "beige white",
    "cream colored": "beige white",
    "creamy": "beige white",
    "crimson": "red",
    "cyan": "teal blue",
    "ebony": "black",
    "emerald": "green",
    "fuchsia": "pink purple",
    "gold": "gold yellow",
    "golden": "gold yellow",
    "grey": "gray",
    "greyish": "gray",
    "grayish": "gray",
    "greenish": "green",
    "bluish": "blue",
    "reddish": "red",
    "yellowish": "yellow",
    "indigo": "blue purple",
    "ivory": "white beige",
    "jade": "green teal",
    "khaki": "beige brown",
    "lavender": "purple pink",
    "lilac": "purple pink",
    "magenta": "pink purple",
    "maroon": "maroon red brown",
    "mauve": "purple pink",
    "mustard yellow": "yellow",
    "navy": "blue",
    "navy blue": "blue",
    "sky blue": "blue",
    "baby blue": "blue",
    "royal blue": "blue",
    "midnight blue": "blue",
    "lime green": "green",
    "olive green": "green",
    "forest green": "green",
    "mint green": "green teal",
    "blue green": "teal",
    "green blue": "teal",
    "sea green": "teal green",
    "hot pink": "pink",
    "off white": "white beige",
    "blood red": "red",
    "cherry red": "red",
    "brick red": "red",
    "lemon yellow": "yellow",
    "peach colored": "orange pink",
    "olive colored": "green",
    "jet black": "black",
    "ochre": "yellow orange brown",
    "rose colored": "pink red",
    "ruby": "red",
    "rust": "brown orange",
    "sand colored": "beige",
    "scarlet": "red",
    "silver": "silver gray",
    "silvery": "silver gray",
    "tan": "beige brown",
    "turquoise": "teal blue green",
    "vermilion": "red orange",
    "violet": "purple",
}
COLOR_WORDS: dict[str, tuple[str, ...]] = {
    word: tuple(name for name in names.split() if name in COLORS)
    for word, names in ({name: name for name in COLORS} | _COLOR_NAMES).items()
}
COLOR_WORDS |= {f"{word} colored": names for word, names in COLOR_WORDS.items() if " " not in word}
COLOR_WORDS |= {f"{word} coloured": names for word, names in COLOR_WORDS.items() if " " not in word}

# Colours that a person may take for one another on a picture.
_ALIKE = (
    "red maroon", "red orange", "red pink", "orange yellow", "orange brown", "orange gold", "yellow gold", "yellow beige",
    "gold beige", "gold brown", "brown maroon", "brown black", "green teal", "teal blue", "blue purple", "purple pink",
    "purple maroon", "white beige", "white silver", "white gray", "gray silver", "gray black", "beige brown", "beige pink",
)  # fmt: skip
_CONFUSABLE = frozenset(frozenset(pair.split()) for pair in _ALIKE)


def colors_tell_apart(first: str, second: str) -> bool:
    """Whether nobody takes one colour word for the other."""
    return first != second and frozenset((first, second)) not in _CONFUSABLE


# ------------------------------------------------------------------------------------------------- materials and sizes

# A material word stands for the first of these substances that a category may be made of.
_MATERIAL_NAMES: dict[str, str] = {
    "wooden": "wood",
    "bamboo": "wood wicker",
    "oak": "wood",
    "pine": "wood",
    "walnut": "wood",
    "teak": "wood",
    "metal": "steel",
    "metallic": "steel",
    "stainless": "steel",
    "stainless steel": "steel",
    "aluminum": "steel",
    "aluminium": "steel",
    "iron": "steel",
    "cast iron": "steel",
    "tin": "steel",
    "copper": "copper steel",
    "brass": "steel",
    "porcelain": "ceramic",
    "clay": "ceramic",
    "terracotta": "ceramic",
    "terra cotta": "ceramic",
    "earthenware": "ceramic",
    "stoneware": "ceramic",
    "crystal": "glass",
    "acrylic": "plastic glass",
    "silicone": "rubber plastic",
    "woven": "wicker fabric",
    "rattan": "wicker",
    "straw": "wicker",
    "carton": "cardboard",
    "styrofoam": "foam",
    "cloth": "fabric",
    "cotton": "fabric",
    "linen": "fabric",
    "leather": "leather fabric",
    "woolen": "felt fabric",
    "marble": "stone plaster ceramic",
    "granite": "stone plaster ceramic",
    "slate": "stone plaster ceramic",
    "stone": "stone plaster ceramic",
    "concrete": "stone plaster ceramic",
}
MATERIAL_WORDS: dict[str, tuple[str, ...]] = {
    word: tuple(name for name in names.split() if name in SUBSTANCES)
    for word, names in ({name: name for name in SUBSTANCES if name not in ("food", "soap")} | _MATERIAL_NAMES).items()
}

SIZE_WORDS: dict[str, Size] = {
    **dict.fromkeys(listed("small smaller smallest tiny little mini miniature petite"), "small"),
    **dict.fromkeys(listed("big bigger biggest large larger largest huge giant jumbo"), "large"),
}


def says_looks(words: Iterable[str]) -> bool:
    """Whether all words are colours, materials or sizes."""
    return all(word in COLOR_WORDS or word in MATERIAL_WORDS or word in SIZE_WORDS for word in words)


# A toy or a fake of something looks like it, so these say nothing about what is to be made of natural things.
IMITATION_WORDS = listed("plastic rubber toy fake artificial pretend plush")

# ------------------------------------------------------------------------------------------------------- parts of speech

DETERMINERS = listed(
    "a an the this that these those my your our his her their its some any one either whichever said teh"
)
OTHER_WORDS = listed("another other second remaining different")
MANY_WORDS = listed(
    "both couple few dozen two three four five six seven eight nine ten several multiple all every each 2 3 4 5 6 7 8 9 10"
)
PRONOUNS = listed("it them that this these those one ones")
# Kinds of things, and some of each kind: who asks for any fruit gets the first of these that there is.
_KINDS = """
fruit = apple = orange = banana = pear = lemon = peach = strawberry = lime = kiwi = plum = grapes = mango = pineapple
vegetable = carrot = cucumber = tomato = bell pepper = broccoli = eggplant = potato = onion = zucchini = corn = mushroom
veggie = carrot = cucumber = tomato = bell pepper = broccoli = eggplant = potato = onion = zucchini = corn = mushroom
toy = toy car = rubber duck = toy brick = block = die = toy drum = toy train = dinosaur = teddy bear = puzzle cube
tool = screwdriver = hammer = wrench = pliers = flashlight = tape measure
utensil = spoon = spatula = fork = whisk = ladle = knife
cutlery = fork = spoon = knife
silverware = fork = spoon = knife
drink = can = bottle = juice box = water bottle
beverage = can = bottle = juice box = water bottle
snack = donut = cookie = chocolate bar = banana
dessert = cupcake = slice of cake = donut = macaron = pie = ice cream cone
seafood = fish = shrimp = sushi
condiment = sauce bottle = salt shaker = spice jar
"""

GENERIC_NOUNS = listed("object item thing one piece stuff fruit vegetable veggie toy utensil food tool")

# Words that change nothing about what is meant, wherever they stand.
ADVERBS = listed(
    "carefully gently slowly quickly softly neatly safely precisely smoothly firmly properly nicely lightly securely "
    "delicately cautiously swiftly immediately now again just simply directly straight right please kindly then "
    "afterwards afterward next finally first also too there here everything over_there once instantly accurately "
    "somewhere completely fully exactly somehow ok okay subsequently thereafter"
)

# "a slice of bread" is about the bread, "a bottle of water" about the bottle.
MEASURES = listed(
    "piece slice bunch ear head pair bit chunk handful cluster stalk set clove wedge loaf type kind sort cob stick bar "
    "block cube scoop sprig bulb lump pile stack single pc serving portion half "
    "handle rim floret strip compartment section"
)

# Landmarks that every scene has or that are no thing at all: a phrase about them says where something is, no more.
PLACES = listed(
    "table tabletop counter countertop desk desktop worktop workbench bench floor ground surface workspace shelf "
    "left right side front back middle center centre corner edge top bottom robot you me us person user human room "
    "kitchen scene world camera"
)

# Other names of the same thing, for vocabularies that do not list them: tried only where a name is not found.
_SAME_THING = """
aubergine = eggplant
courgette = zucchini
capsicum = bell pepper
sweet pepper = bell pepper
pepper = bell pepper = pepper grinder
doughnut = donut
biscuit = cookie
torch = flashlight
spanner = wrench
rubber = eraser
sellotape = roll of tape
tape = roll of tape
soap = bar of soap
thread = spool of thread
corn = ear of corn
corncob = ear of corn
maize = ear of corn
lego = toy brick
lego brick = toy brick
lego block = toy brick
brick = toy brick = block
cube = block
building block = block
tin = can
soda = can
soup = can
coke = can
cola = can
beer = can
milk = milk carton
cereal = cereal box
water = water bottle = bottle
juice = juice box = juice carton
ketchup = ketchup bottle
teabag box = tea box
mouse = computer mouse
pawn = chess pawn
chess piece = chess pawn
pot = saucepan = stockpot
pan = frying pan
skillet = frying pan
strainer = colander
sieve = colander
bin = storage bin
box = storage bin = gift box
container = storage bin
tub = storage bin
pail = bucket
dish = plate = bowl
platter = plate = tray
chopping board = cutting board
board = cutting board
mouse mat = mousepad
pen holder = pencil cup = pencil holder
pencil holder = pencil cup
hand towel = folded towel
towel = folded towel
cloth = folded towel = washcloth
dice = die
duck = rubber duck
duckie = rubber duck
car = toy car
truck = toy truck = toy car
drum = toy drum
present = gift box
textbook = book
novel = book
brush = paintbrush
pepper mill = pepper grinder
pencil rubber = eraser
teacup = tea cup
coffee cup = mug = cup
plant pot = flower pot
planter = flower pot
mobile = mobile phone
cellphone = mobile phone = phone
telephone = phone = mobile phone
remote = remote control = tv remote
rubbish bin = trash can
garbage can = trash can
"""
KINDS: dict[str, tuple[str, ...]] = {
    line.split(" = ")[0]: tuple(line.split(" = ")[1:]) for line in _KINDS.strip().splitlines()
}
SAME_THING: dict[str, tuple[str, ...]] = KINDS | {
    line.split(" = ")[0]: tuple(line.split(" = ")[1:]) for line in _SAME_THING.strip().splitlines()
}

# English words one letter away from names of things, which must not be read as misspelt names.
REAL_WORDS = listed(
    "plane planet market hamper broom brook house horse boat coat goat moat bear beer spool stool pool cool tool beach "
    "bench bunch branch brush crush trash crash train brain chain chair place palace grape drape paper caper taper "
    "tiger timer poster coaster toaster roaster broken broker locker rocket jacket racket packet pocket socket button "
    "mutton cotton candle handle bundle camel panel pencil stencil vessel tunnel funnel barrel laurel tray gray pray "
    "spray stray clay plan plant plank blank black slack clock cloak flock shock stock knock kettle settle mettle "
    "bottle battle cattle rattle mango tango manga pepper popper hammer hummer slipper clipper copper spider cider "
    "glove clove globe grove mouse moose mouth moth month moon soon noon spoon potion portion carton cartoon lemonade "
    "marble marker maker baker bucket bracket basket casket gasket wallet mallet pallet ballet bullet bowl bowel towel "
    "tower shower flower power cable table fable stable mirror minor rifle ripple apply ample maple staple peace pearl "
    "peach preach carpet carrot parrot ferret turret tomato potato puzzle muzzle bread breed board broad beard boar "
    "book boot root hook cook look foot food cloud crown brown drone throne phone prone stone store score screw crew "
    "dinosaur person window pillow yellow mellow willow sofa soda curtain captain couch coach lamp stamp clamp cramp "
    "camp shelf self shell bell belt bolt colt cold gold fold tape cape cake lake bike hike dike wheel steel steal "
    "steam stream cream dream scream engine machine laptop elephant penguin unicorn "
    "batch bearer beaten better breaker buster carbon caret cone clone combo compute condition conditional conditioned "
    "contained contains controlled create drained erase fire flipped framed fried greater handled highlight latter location "
    "measure novel packed packer padding pain pane paste pickled placement pointing possible presence presents prevent "
    "printing pruned recorder remove sale scanner spinner shake shallow shaper splice spade patcher shortfall rolled "
    "cleaner counter corner center pane bead head heat seat meat neat boss loss moss gloss cross dress press grass brass"
)

_IRREGULAR = {
    "knives": "knife", "dice": "die", "mice": "mouse", "loaves": "loaf", "leaves": "leaf", "halves": "half",
    "shelves": "shelf", "geese": "goose", "teeth": "tooth", "feet": "foot", "men": "man", "children": "child",
    "calves": "calf", "wolves": "wolf",
}  # fmt: skip


def singular_forms(word: str) -> tuple[str, ...]:
    """The word itself, then what it may be the plural of: ("cookies", "cookie", "cooky")."""
    forms = [word]
    if word in _IRREGULAR:
        forms.append(_IRREGULAR[word])
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        forms.append(word[:-1])
        if word.endswith("ies"):
            forms.append(word[:-3] + "y")
        if word.endswith(("oes", "xes", "ches", "shes", "sses", "zes", "uses")):
            forms.append(word[:-2])
    if word.endswith("oe"):
        forms.append(word[:-1])
    return tuple(dict.fromkeys(forms))


# ---------------------------------------------------------------------------------------------------------- misspellings


def near_words(word: str, known: Iterable[str]) -> list[str]:
    """The words of `known` of which `word` is an unmistakable misspelling: same first letter, one slip (two in long ones)."""
    if len(word) < 4 or any(form in REAL_WORDS for form in singular_forms(word)):
        return []
    limit = 1 if len(word) < 8 else 2
    close = [(edits(word, other, limit), other) for other in known if _could_be(word, other, limit)]
    found = sorted((count, other) for count, other in close if count <= limit)
    return [other for count, other in found if count == found[0][0]]


def _could_be(word: str, other: str, limit: int) -> bool:
    if len(other) < 4 or word[0] != other[0] or abs(len(word) - len(other)) > limit:
        return False
    # In short words a letter in another's place makes another word (plate, plane), and at the end of long ones
    # (clicked, clicker); letters swapped, lost or doubled do not.
    same_length = len(word) == len(other)
    return not same_length or sorted(word) == sorted(other) or (len(word) >= 6 and word[-1] == other[-1])


def edits(first: str, second: str, limit: int) -> int:
    """How many letters to add, drop, replace or swap with their neighbour; more than `limit` counts as limit + 1."""
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, letter in enumerate(first, 1):
        earlier, before, row = before, row, [i]
        for j, other in enumerate(second, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == second[j - 2] and first[i - 2] == other:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return row[-1]


# Adjectives that only describe. In a sentence with a verb any unknown word before a noun does; without one only these do.
DESCRIPTIVE = listed(
    "ripe fresh old new round square empty shiny toy raw cooked clean dirty full open closed nice pretty cute plain simple "
    "striped dotted patterned colorful colourful light dark bright pale deep vivid matte glossy soft hard heavy thick thin "
    "flat tall short long wide narrow left right top bottom front back nearest closest leftmost rightmost kitchen coffee "
    "tea soup fruit salad cereal dinner medium regular normal standard favorite favourite single whole half peeled washed "
    "beautiful lovely delicious tasty juicy organic sweet sour fluffy smooth rough rustic modern vintage hand"
    "upper lower"
)
# Colours that are as often a flavour or a kind: they count where a category comes in them.
SOFT_COLORS = listed("chocolate caramel cream amber ruby emerald jade ivory bronze rust golden orange lime peach straw")
# Open vessels: "on the mug" means in it, unless its like is stacked on it.
# Closed: things stand on them; "in" one of them is nowhere.
CLOSED = listed("cabinet cupboard dresser stove oven hob burner cooktop stovetop range")
# Where a thing stands that is named only to say which: "in the pot on the stove".
FIXTURES = CLOSED | listed("sink shelf rack")
VESSELS = listed("cup mug glass tumbler beaker teacup bowl pot pan pail jug pitcher")
